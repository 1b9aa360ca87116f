"""Checkpoints of training jobs that are real processes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from local.jobs.training import TrainingRunner
from tests.support.pipelines import await_value, code_archive

if TYPE_CHECKING:
    from tests.local.jobs.conftest import Bench

FOLDER = "import os,pathlib,signal,sys,time; folder = pathlib.Path(os.environ['SM_MODEL_DIR']).parent / 'checkpoints'\n"


def request(bench: Bench, code: str, hosts: int = 1, **members: Any) -> dict[str, Any]:
    uri = bench.put("code/code.tar.gz", code_archive(train=FOLDER + code))
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}
    return {
        "AlgorithmSpecification": {"TrainingImage": "i"},
        "HyperParameters": {
            "sagemaker_program": '"train.py"',
            "sagemaker_submit_directory": '"/opt/ml/input/data/code/code.tar.gz"',
        },
        "InputDataConfig": [{"ChannelName": "code", "DataSource": source}],
        "OutputDataConfig": {"S3OutputPath": "s3://work/models", "CompressionType": "NONE"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": hosts},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600, "MaxWaitTimeInSeconds": 900},
        "EnableManagedSpotTraining": True,
        "CheckpointConfig": {"S3Uri": "s3://work/saved/here"},
        **members,
    }


def test_a_job_that_takes_the_place_of_one_that_was_killed_finds_what_it_saved(bench: Bench) -> None:
    code = (
        "last = sorted(folder.glob('*/step-*')); done = len(last)\n"
        "(folder / 'steps').mkdir(exist_ok=True); (folder / 'steps' / f'step-{done + 1}').write_text(str(done))\n"
        "if done < 2: os.kill(os.getpid(), signal.SIGKILL)\n"
        "pathlib.Path(os.environ['SM_MODEL_DIR'], 'steps').write_text(str(done + 1))\n"
    )
    runner = TrainingRunner()
    states = [bench.run(runner, request(bench, code), name=f"job-{number}")[0].status for number in (1, 2, 3)]

    assert states == ["Failed", "Failed", "Completed"]
    assert bench.read("models/job-3/output/model/steps") == b"3"
    assert [key for key in bench.stored() if key.startswith("saved")] == [
        f"saved/here/steps/step-{number}" for number in (1, 2, 3)
    ]
    assert "2 checkpoint files of an earlier job are in /opt/ml/checkpoints." in bench.text()


def test_checkpoints_are_kept_while_the_job_runs_and_when_it_is_stopped(bench: Bench) -> None:
    code = (
        "def told(*_): (folder / 'last').write_text('goodbye'); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, told); (folder / 'first').write_text('hello')\n"
        "time.sleep(30)\n"
    )
    runner = TrainingRunner()
    handle = bench.start(runner, request(bench, code))

    def first() -> bool:
        runner.poll(handle)
        return "saved/here/first" in bench.stored()

    await_value(first, "the first checkpoint")
    runner.stop(handle)
    assert bench.follow(runner, handle).status == "Stopped"
    assert bench.read("saved/here/last") == b"goodbye"


def test_every_host_gets_the_checkpoints_and_the_leading_ones_file_wins(bench: Bench) -> None:
    bench.put("saved/here/before", "earlier")
    code = (
        "host = os.environ['SM_CURRENT_HOST']; (folder / host).write_text((folder / 'before').read_text())\n"
        "(folder / 'same').write_text(host)\n"
    )
    state, _ = bench.run(TrainingRunner(), request(bench, code, hosts=2))

    assert state.status == "Completed", state.reason
    assert bench.read("saved/here/algo-1") == bench.read("saved/here/algo-2") == b"earlier"
    assert bench.read("saved/here/same") == b"algo-1"


def test_a_file_that_did_not_change_is_not_stored_again(bench: Bench) -> None:
    place = bench.store.objects.path("work", "saved/here/kept")
    bench.put("saved/here/kept", "old")
    before = place.stat().st_ino
    state, _ = bench.run(TrainingRunner(), request(bench, "(folder / 'new').touch(); time.sleep(0.01)\n"))

    assert state.status == "Completed"
    assert place.stat().st_ino == before
    assert time.time() - bench.store.objects.path("work", "saved/here/new").stat().st_mtime < 60


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"CheckpointConfig": {"S3Uri": "s3://b/c", "LocalPath": "/tmp/c"}}, "keeps checkpoints in /tmp/c;"),  # noqa: S108
        ({"StoppingCondition": {"MaxRuntimeInSeconds": 60}}, "trains on spot instances and has no MaxWaitTime"),
        (
            {"StoppingCondition": {"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 59}},
            "waits 59 seconds at most and may run for 60;",
        ),
        ({"EnableManagedSpotTraining": False}, "has a MaxWaitTimeInSeconds, which only managed spot training takes."),
    ],
)
def test_what_the_service_would_refuse_is_named(bench: Bench, members: dict[str, Any], sentence: str) -> None:
    (found,) = TrainingRunner().validate({**request(bench, ""), **members})
    assert found.startswith(sentence)
