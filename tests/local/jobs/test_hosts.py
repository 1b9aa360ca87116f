"""Jobs on several hosts as real processes, each with a container of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local.jobs.hosts import hosts_of, resource_config
from local.jobs.processing import ProcessingRunner
from local.jobs.training import TrainingRunner
from local.store.home import host_log
from tests.support.pipelines import code_archive

if TYPE_CHECKING:
    from tests.local.jobs.conftest import Bench

WRITE = "import os,pathlib; host = os.environ['SM_CURRENT_HOST']; model = pathlib.Path(os.environ['SM_MODEL_DIR'])\n"


def training(bench: Bench, code: str, hosts: int, channels: dict[str, Any] | None = None) -> dict[str, Any]:
    given = {"code": {"S3Uri": bench.put("code/code.tar.gz", code_archive(train=code))}, **(channels or {})}
    return {
        "AlgorithmSpecification": {"TrainingImage": "i", "MetricDefinitions": [{"Name": "m", "Regex": "m=([0-9]+)"}]},
        "HyperParameters": {
            "sagemaker_program": '"train.py"',
            "sagemaker_submit_directory": '"/opt/ml/input/data/code/code.tar.gz"',
        },
        "InputDataConfig": [
            {"ChannelName": name, "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", **source}}}
            for name, source in given.items()
        ],
        "OutputDataConfig": {"S3OutputPath": "s3://work/models"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": hosts},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
    }


def processing(code: str, hosts: int, sharded: str) -> dict[str, Any]:
    place = {"S3Uri": "s3://work/out", "LocalPath": "/opt/ml/processing/out", "S3UploadMode": "EndOfJob"}
    source = {"S3Uri": sharded, "LocalPath": "/opt/ml/processing/in", "S3DataDistributionType": "ShardedByS3Key"}
    words = ["/opt/ml/processing", "/opt/ml/config/resourceconfig.json"]
    return {
        "AppSpecification": {
            "ImageUri": "i",
            "ContainerEntrypoint": ["python3", "-c", code],
            "ContainerArguments": words,
        },
        "ProcessingResources": {"ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": hosts}},
        "ProcessingInputs": [{"InputName": "in", "S3Input": source}],
        "ProcessingOutputConfig": {"Outputs": [{"OutputName": "out", "S3Output": place}]},
    }


def test_every_host_is_a_process_that_knows_the_others_and_has_its_own_container(bench: Bench) -> None:
    code = (
        WRITE + "import json,sys\n"
        "config = pathlib.Path(os.environ['SM_INPUT_CONFIG_DIR'], 'resourceconfig.json').read_text()\n"
        "facts = {'hosts': os.environ['SM_HOSTS'], 'config': json.loads(config), 'pid': os.getpid()}\n"
        "facts['data'] = sorted(os.listdir(os.environ['SM_CHANNEL_TRAIN']))\n"
        "facts['all'] = sorted(os.listdir(os.environ['SM_CHANNEL_ALL']))\n"
        "(model / f'{host}.json').write_text(json.dumps(facts)); print('m=7' if host == 'algo-1' else 'm=9')\n"
    )
    for letter in "abcde":
        bench.put(f"data/{letter}.csv", letter)
    channels = {
        "train": {"S3Uri": "s3://work/data/", "S3DataDistributionType": "ShardedByS3Key"},
        "all": {"S3Uri": "s3://work/data/"},
    }
    job = training(bench, code, 3, channels)
    job["OutputDataConfig"]["CompressionType"] = "NONE"
    state, body = bench.run(TrainingRunner(), job)

    assert state.status == "Completed", state.reason
    prefix = "models/job-1/output/model"
    facts = [json.loads(bench.read(f"{prefix}/algo-{number}.json")) for number in (1, 2, 3)]
    names = ["algo-1", "algo-2", "algo-3"]
    assert [json.loads(found["hosts"]) for found in facts] == [names] * 3
    assert [found["config"]["current_host"] for found in facts] == names
    assert facts[1]["config"] == resource_config(hosts_of(job["ResourceConfig"]), hosts_of(job["ResourceConfig"])[1])
    assert len({found["pid"] for found in facts}) == 3
    assert [found["data"] for found in facts] == [["a.csv", "d.csv"], ["b.csv", "e.csv"], ["c.csv"]]
    assert [len(found["all"]) for found in facts] == [5, 5, 5]
    assert [entry["Value"] for entry in body["FinalMetricDataList"]] == [7.0]
    assert [host_log(bench.log, name).read_text().splitlines()[0] for name in names] == ["m=7", "m=9", "m=9"]


def test_a_file_that_two_hosts_have_written_is_the_leading_hosts_and_the_log_says_so(bench: Bench) -> None:
    code = WRITE + "(model / 'model.txt').write_text(host)\n"
    job = training(bench, code, 3)
    job["OutputDataConfig"]["CompressionType"] = "NONE"
    state, _ = bench.run(TrainingRunner(), job)

    assert state.status == "Completed"
    assert bench.read("models/job-1/output/model/model.txt") == b"algo-1"
    assert bench.text().count("wrote files to /opt/ml/model that another host wrote too (model.txt)") == 2


def test_outputs_of_all_processing_hosts_lie_below_one_prefix(bench: Bench) -> None:
    code = (
        "import json,pathlib,sys\n"
        "root, host = pathlib.Path(sys.argv[1]), json.loads(pathlib.Path(sys.argv[2]).read_text())['current_host']\n"
        "names = sorted(path.name for path in (root / 'in').iterdir())\n"
        "(root / 'out' / f'{host}.txt').write_text(' '.join(names))\n"
    )
    for letter in "abc":
        bench.put(f"data/{letter}", letter)
    state, _ = bench.run(ProcessingRunner(), processing(code, 4, "s3://work/data"))

    assert state.status == "Completed", state.reason
    written = [bench.read(f"out/algo-{number}.txt").decode() for number in (1, 2, 3, 4)]
    assert written == ["a", "b", "c", ""]


def test_one_hosts_failure_ends_the_others_and_is_the_jobs(bench: Bench, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    code = (
        WRITE + f"import sys,time,signal\nready = pathlib.Path({str(ready)!r})\n"
        "def told(*_): print('told to end', flush=True); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, told)\n"
        "if host == 'algo-2':\n"
        "    while not ready.exists(): time.sleep(0.01)\n"
        "    pathlib.Path(os.environ['SM_OUTPUT_DIR'], 'failure').write_text('No rows here.'); sys.exit(3)\n"
        # Left alone, it would outlast what is waited for any job here.
        "ready.touch(); time.sleep(120)\n"
    )
    state, body = bench.run(TrainingRunner(), training(bench, code, 2))

    assert (state.status, state.reason, state.exit) == ("Failed", "algo-2: No rows here.", 3)
    assert body["FailureReason"] == "algo-2: No rows here."
    assert "told to end" in bench.text()


def test_a_program_that_cannot_start_anywhere_leaves_none_behind(bench: Bench) -> None:
    job = processing("", 2, bench.put("data/a", "a"))
    job["AppSpecification"]["ContainerEntrypoint"] = ["/opt/ml/processing/nothing"]
    state, _ = bench.run(ProcessingRunner(), job)

    assert state.status == "Failed"
    assert "/processing/nothing" in (state.reason or "")


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ({"InstanceCount": 21}, "runs on 21 instances, each a process here, and the laptop starts 20 at most."),
        ({"InstanceCount": 20}, None),
        ({"InstanceCount": {"Get": "Parameters.Count"}}, None),
    ],
)
def test_more_hosts_than_a_laptop_takes_are_named(bench: Bench, resources: Any, expected: str | None) -> None:
    job = {**training(bench, "", 1), "ResourceConfig": {"InstanceType": "ml.m5.large", **resources}}
    assert TrainingRunner().validate(job) == ([expected] if expected else [])


def test_groups_of_instances_are_told_apart_and_channels_keep_to_theirs(bench: Bench) -> None:
    code = WRITE + "print(sorted(os.listdir(os.environ['SM_CHANNEL_TRAIN'])), os.environ['SM_HOSTS'])\n"
    source = {"S3Uri": bench.put("data/a", "a"), "InstanceGroupNames": ["workers"]}
    job = training(bench, code, 1, {"train": source})
    groups = [("parameters", "ml.c5.large", 1), ("workers", "ml.m5.large", 2)]
    job["ResourceConfig"] = {
        "InstanceGroups": [
            {"InstanceGroupName": name, "InstanceType": kind, "InstanceCount": count} for name, kind, count in groups
        ]
    }
    state, _ = bench.run(TrainingRunner(), job)

    assert state.status == "Completed", state.reason
    lines = [host_log(bench.log, f"algo-{number}").read_text().splitlines()[0] for number in (1, 2, 3)]
    hosts = '["algo-1","algo-2","algo-3"]'
    assert lines == [f"[] {hosts}", f"['a'] {hosts}", f"['a'] {hosts}"]
    shown = resource_config(hosts_of(job["ResourceConfig"]), hosts_of(job["ResourceConfig"])[1])
    assert (shown["current_group_name"], shown["current_instance_type"]) == ("workers", "ml.m5.large")
    assert [group["hosts"] for group in shown["instance_groups"]] == [["algo-1"], ["algo-2", "algo-3"]]


def test_programs_find_the_other_hosts_by_their_names(bench: Bench) -> None:
    if bench.sandbox.name != "namespace":
        pytest.skip("only a mount namespace can show a program other names of hosts")
    code = WRITE + "import socket; print([socket.gethostbyname(name) for name in ('algo-1', 'algo-2', 'localhost')])\n"
    state, _ = bench.run(TrainingRunner(), training(bench, code, 2))

    assert state.status == "Completed", state.reason
    for name in ("algo-1", "algo-2"):
        assert host_log(bench.log, name).read_text().startswith("['127.0.0.1', '127.0.0.1', '127.0.0.1']")
