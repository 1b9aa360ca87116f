"""Workers: started when asked for, used again, replaced when killed, gone with their owner; hostile archives."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tarfile
import textwrap
import threading
from pathlib import Path

import pytest

from local.hosting.errors import HostingError, WorkerEndedError
from local.store.processes import process_alive, process_name
from tests.local.hosting.conftest import Host
from tests.support.models import archive, script_container
from tests.support.pipelines import ROOT, await_value

PID = """
import os


def model_fn(model_dir):
    return os.getpid()


def transform_fn(model, body, content_type, accept):
    return str(model), "text/csv"
"""


OUTSIDE = str(ROOT.parent / "outside-of-model")


def test_a_worker_is_used_again_and_replaced_when_it_was_killed(host: Host) -> None:
    chain = host.model("pid", script_container(host.put("pid.tar.gz", archive(**{"code__inference.py": PID}))))
    first = int(host.ask(chain, "x", "text/csv").body)
    assert int(host.ask(chain, "x", "text/csv").body) == first
    os.kill(first, signal.SIGKILL)
    second = int(host.ask(chain, "x", "text/csv").body)
    assert second != first


def test_requests_from_many_threads_share_one_worker(host: Host) -> None:
    chain = host.model("shared", script_container(host.put("shared.tar.gz", archive(**{"code__inference.py": PID}))))
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(host.ask(chain, "x", "text/csv").body)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_model_that_kills_its_process_is_asked_twice_and_then_reported(host: Host) -> None:
    script = "import os\ndef model_fn(d): pass\ndef transform_fn(m, body, kind, accept): os.kill(os.getpid(), 9)\n"
    chain = host.model("suicide", script_container(host.put("s.tar.gz", archive(**{"code__inference.py": script}))))
    with pytest.raises(WorkerEndedError, match="ended by SIGKILL"):
        host.ask(chain, "x", "text/csv")


def test_a_worker_goes_with_its_owner_however_that_ends(host: Host) -> None:
    chain = host.model("owned", script_container(host.put("owned.tar.gz", archive(**{"code__inference.py": PID}))))
    program = textwrap.dedent(f"""
        import sys, time
        from pathlib import Path
        from local.hosting.connection import Request
        from local.hosting.containers import containers
        from local.hosting.pool import pool_of
        from local.store.home import Home
        from local.store.store import Store

        store = Store(Home(Path({str(host.store.home.root)!r})))
        _, reply = pool_of(store).invoke(containers(store, "owned"), Request(b"x", "text/csv"), Path({str(host.log)!r}))
        print(reply.body.decode(), flush=True)
        time.sleep(60)
    """)
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        worker = process_name(int(owner.stdout.readline()))
        assert process_alive(worker)
        owner.kill()
    await_value(lambda: not process_alive(worker), "the worker to end")
    assert chain


def _tar(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as opened:
        for member, content in members:
            member.size = len(content)
            opened.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def _link(name: str, target: str) -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = tarfile.SYMTYPE, target
    return member, b""


@pytest.mark.parametrize(
    "content",
    [
        b"not an archive",
        archive(**{"code__inference.py": PID})[:-20],
        _tar((tarfile.TarInfo("../../../../outside"), b"x")),
        _tar((tarfile.TarInfo(OUTSIDE), b"x"), _link("inside", "/etc/passwd")),
    ],
    ids=["no archive", "cut off", "parent", "absolute"],
)
def test_hostile_and_damaged_archives_are_never_healthy(host: Host, content: bytes) -> None:
    name = f"hostile-{len(content)}"
    chain = host.model(name, script_container(host.put(f"{name}.tar.gz", content)))
    with pytest.raises(HostingError) as caught:
        host.ask(chain, "x", "text/csv")
    assert "\n" not in str(caught.value)
    assert not Path(OUTSIDE).exists()


def test_a_worker_that_is_let_go_answers_what_it_was_asked(host: Host, tmp_path: Path) -> None:
    go = tmp_path / "go"
    script = PID.replace("    return str(model)", f"    import time\n    while not os.path.exists({str(go)!r}):\n"
                         "        time.sleep(0.01)\n    return str(model)")  # fmt: skip
    chain = host.model("held", script_container(host.put("held.tar.gz", archive(**{"code__inference.py": script}))))
    worker = host.pool.worker(chain[0], host.log)
    found: list[bytes] = []
    asking = threading.Thread(target=lambda: found.append(host.ask(chain, "x", "text/csv").body))
    asking.start()
    await_value(lambda: worker.busy, "the request to be under way")
    host.pool.keep_only(())
    assert worker.alive
    go.touch()
    asking.join()
    assert found == [str(worker.pid).encode()]
    assert not worker.alive
