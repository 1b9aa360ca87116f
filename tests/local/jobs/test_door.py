"""Jobs' own calls to AWS reach the laptop's, and a server starts for them alone."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import psutil

from local.jobs.door import end_doors
from local.jobs.processing import ProcessingRunner
from tests.support.sandboxes import BENCH_IN_BOTH

if TYPE_CHECKING:
    from tests.local.jobs.conftest import Bench

CODE = (
    "import boto3, sys\n"
    "s3 = boto3.client('s3')\n"
    "s3.download_file('work', 'in/a.csv', '/tmp/' + sys.argv[1])\n"
    "s3.put_object(Bucket='work', Key='copy', Body=open('/tmp/' + sys.argv[1], 'rb').read() + b'!')\n"
)


def request(code: str, *words: str) -> dict[str, object]:
    specification = {"ImageUri": "i", "ContainerEntrypoint": ["python3", "-c", code], "ContainerArguments": [*words]}
    return {"AppSpecification": specification, "ProcessingResources": {"ClusterConfig": {"InstanceCount": 1}}}


def servers(bench: Bench) -> list[psutil.Process]:
    home = str(bench.store.home.root)
    return [child for child in psutil.Process().children() if home in words(child)]


def words(process: psutil.Process) -> list[str]:
    """The command line of a process; that of one which has ended, perhaps an earlier test's, has no words."""
    try:
        return list(process.cmdline())
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return []


@BENCH_IN_BOTH
def test_boto3_in_a_job_finds_the_objects_of_the_home(bench: Bench) -> None:
    bench.put("in/a.csv", "1,2")
    state, _ = bench.run(ProcessingRunner(), request(CODE, bench.log.parent.parent.name))

    assert state.status == "Completed", bench.text()
    assert bench.read("copy") == b"1,2!"
    (server,) = servers(bench)
    server.terminate()


def test_no_server_starts_where_no_job_calls(bench: Bench) -> None:
    assert bench.run(ProcessingRunner(), request("pass"))[0].status == "Completed"
    assert servers(bench) == []


def test_a_door_that_is_closed_takes_its_server_along_and_the_next_job_finds_another(bench: Bench) -> None:
    bench.put("in/a.csv", "1,2")
    for name in ("first.csv", "second.csv"):
        state, _ = bench.run(ProcessingRunner(), request(CODE, name))
        assert state.status == "Completed", bench.text()
        (server,) = servers(bench)
        end_doors()
        server.wait(10)
    for thread in threading.enumerate():
        if thread.name == "door":
            thread.join(10)
            assert not thread.is_alive()
