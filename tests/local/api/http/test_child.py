"""The server that a process has for the programs that it starts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from local.api.http import ServerError, child, ensure
from local.client import client

PARENT = "import sys, time; from pathlib import Path; from local.api.http import ensure; "
PARENT += "print(ensure(Path(sys.argv[1])), flush=True); time.sleep(60)"


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    yield
    child.end_all()


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 - our own server
            return bool(answer.status == 200)
    except (URLError, ConnectionError):
        return False


def test_one_server_for_a_home_and_another_after_its_end(tmp_path: Path) -> None:
    url = ensure(tmp_path)
    assert url.startswith("http://127.0.0.1:")
    assert ensure(tmp_path) == url
    client("s3", tmp_path).create_bucket(Bucket="there")
    with urlopen(url, timeout=5) as answer:  # noqa: S310 - our own server
        assert b"<Name>there</Name>" in answer.read()
    child.end_all()
    assert not answers(url)
    assert answers(ensure(tmp_path))


def test_a_server_ends_with_the_process_that_has_it(tmp_path: Path) -> None:
    root = Path(child.__file__).resolve().parents[3]
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as parent:
        assert parent.stdout is not None
        url = parent.stdout.readline().decode().strip()
        assert answers(url)
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    limit = time.monotonic() + 10
    while answers(url) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not answers(url)


def test_a_server_that_cannot_start_says_where_its_words_are(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_text("no database", encoding="utf-8")
    with pytest.raises(ServerError, match=r"api-server\.log"):
        ensure(tmp_path)
    assert "is not a state file" in (tmp_path / "api-server.log").read_text(encoding="utf-8")
