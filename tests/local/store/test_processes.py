"""Names of processes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from local.store.processes import is_local, process_alive, process_name, process_parts, this_process


def test_this_process_is_alive() -> None:
    assert process_alive(this_process())
    assert process_parts(this_process())[0] == os.getpid()
    assert is_local(this_process())


def test_the_same_id_with_another_start_is_another_process() -> None:
    _, host = this_process().rsplit("@", maxsplit=1)

    assert not process_alive(f"{os.getpid()}:1@{host}")


def test_a_zombie_is_not_alive() -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    name = process_name(process.pid)
    assert process_alive(name)
    assert process.stdin is not None
    process.stdin.close()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

    assert not process_alive(name)
    process.wait()
    assert not process_alive(name)


@pytest.mark.parametrize("name", ["", "x", "12", "12:1", "-1:2@h", "99999999999999999999:1@h"])
def test_odd_names_are_not_alive(name: str) -> None:
    assert not process_alive(name)


def test_there_is_no_name_for_what_does_not_run() -> None:
    with pytest.raises(ProcessLookupError):
        process_name(2**22 + 1)
