"""Training jobs as real processes, in script mode."""

from __future__ import annotations

import io
import json
import tarfile
from typing import TYPE_CHECKING, Any

import pytest

from local.jobs.training import TrainingRunner
from tests.support.pipelines import code_archive
from tests.support.sandboxes import BENCH_IN_BOTH

if TYPE_CHECKING:
    from tests.local.jobs.conftest import Bench

MODEL = "import os,pathlib; pathlib.Path(os.environ['SM_MODEL_DIR'], 'model.json').write_text('{}')\n"


def request(bench: Bench, code: str, **members: Any) -> dict[str, Any]:
    bench.put("code/code.tar.gz", code_archive(train=code, helper="VALUE = 'from the archive'\n"))
    hyperparameters = {
        "sagemaker_program": '"train.py"',
        "sagemaker_submit_directory": '"/opt/ml/input/data/code/code.tar.gz"',
        **members.pop("HyperParameters", {}),
    }
    channels = [channel("code", "s3://work/code/code.tar.gz"), *members.pop("channels", [])]
    specification = {"TrainingImage": "i", "TrainingInputMode": "File", **members.pop("AlgorithmSpecification", {})}
    return {
        "AlgorithmSpecification": specification,
        "HyperParameters": hyperparameters,
        "InputDataConfig": channels,
        "OutputDataConfig": {"S3OutputPath": "s3://work/models", **members.pop("OutputDataConfig", {})},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        **members,
    }


def channel(name: str, uri: str) -> dict[str, Any]:
    return {"ChannelName": name, "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}}


def metric(name: str, regex: str) -> dict[str, Any]:
    return {"MetricDefinitions": [{"Name": name, "Regex": regex}]}


def archive(bench: Bench, key: str) -> dict[str, bytes]:
    with bench.store.objects.open("work", key) as handle, tarfile.open(fileobj=handle) as opened:
        return {member.name: opened.extractfile(member).read() for member in opened}  # type: ignore[union-attr]


@BENCH_IN_BOTH
def test_a_program_gets_arguments_channels_and_variables_as_in_the_container(bench: Bench) -> None:
    code = (
        "import json,os,pathlib,sys,helper\n"
        "names = ['SM_CHANNELS','SM_CHANNEL_TRAIN','SM_HPS','SM_HP_ETA','SM_HOSTS','SM_CURRENT_HOST','SM_NUM_GPUS',"
        "'SM_MODULE_NAME','SM_USER_ENTRY_POINT','SM_OUTPUT_DATA_DIR','SM_USER_ARGS','SM_INPUT_CONFIG_DIR','TRAINING_JOB_NAME']\n"
        "env = {name: os.environ[name] for name in names}\n"
        "config = pathlib.Path(env['SM_INPUT_CONFIG_DIR'])\n"
        "files = {path.name: json.loads(path.read_text()) for path in config.iterdir()}\n"
        "data = pathlib.Path(env['SM_CHANNEL_TRAIN'], 'a.csv').read_text()\n"
        "training = json.loads(os.environ['SM_TRAINING_ENV'])\n"
        "same = training['model_dir'] == os.environ['SM_MODEL_DIR']\n"
        "print(json.dumps([sys.argv[1:], env, files, data, helper.VALUE, same]))\n"
    )
    bench.put("data/a.csv", "1,2")
    hyperparameters = {"eta": "0.3", "booster": "gbtree", "deep": "true", "sagemaker_region": "us-east-1", "n": "3"}
    job = request(bench, code, channels=[channel("train", "s3://work/data/")], HyperParameters=hyperparameters)
    state, _ = bench.run(TrainingRunner(), job, name="job-1")

    assert state.status == "Completed", state.reason
    words, env, files, data, helped, same_model_dir = json.loads(bench.text().splitlines()[0])
    assert words == ["--booster", "gbtree", "--deep", "True", "--eta", "0.3", "-n", "3"]
    assert json.loads(env["SM_USER_ARGS"]) == words
    assert json.loads(env["SM_CHANNELS"]) == ["code", "train"]
    assert json.loads(env["SM_HPS"]) == {"booster": "gbtree", "deep": True, "eta": 0.3, "n": 3}
    assert (env["SM_HP_ETA"], env["SM_HOSTS"], env["SM_CURRENT_HOST"]) == ("0.3", '["algo-1"]', "algo-1")
    assert (env["SM_MODULE_NAME"], env["SM_USER_ENTRY_POINT"]) == ("train", "train.py")
    assert env["TRAINING_JOB_NAME"] == "job-1"
    assert env["SM_OUTPUT_DATA_DIR"].endswith("/opt/ml/output/data")
    assert files["hyperparameters.json"]["eta"] == "0.3"
    assert files["hyperparameters.json"]["sagemaker_program"] == '"train.py"'
    assert files["inputdataconfig.json"]["train"] == {
        "TrainingInputMode": "File",
        "S3DistributionType": "FullyReplicated",
        "RecordWrapperType": "None",
    }
    assert files["resourceconfig.json"]["hosts"] == ["algo-1"]
    assert (data, helped, same_model_dir) == ("1,2", "from the archive", True)


@BENCH_IN_BOTH
def test_the_model_archive_lies_where_the_service_puts_it(bench: Bench) -> None:
    state, body = bench.run(TrainingRunner(), request(bench, MODEL), name="job-7")

    assert state.status == "Completed"
    assert body["ModelArtifacts"] == {"S3ModelArtifacts": "s3://work/models/job-7/output/model.tar.gz"}
    assert archive(bench, "models/job-7/output/model.tar.gz") == {"model.json": b"{}"}
    assert "models/job-7/output/output.tar.gz" not in bench.stored()


def test_the_same_model_gives_the_same_bytes(bench: Bench) -> None:
    runner = TrainingRunner()
    code = MODEL + "p = pathlib.Path(os.environ['SM_MODEL_DIR'], 'code'); p.mkdir(); (p / 'x.py').touch()\n"
    for name in ("one", "two"):
        bench.run(runner, request(bench, code), name=name)

    read = [bench.read(f"models/{name}/output/model.tar.gz") for name in ("one", "two")]
    assert read[0] == read[1]


def test_an_uncompressed_model_is_a_prefix(bench: Bench) -> None:
    _, body = bench.run(TrainingRunner(), request(bench, MODEL, OutputDataConfig={"CompressionType": "NONE"}))

    assert body["ModelArtifacts"]["S3ModelArtifacts"] == "s3://work/models/job-1/output/model/"
    assert "models/job-1/output/model/model.json" in bench.stored()


def test_further_output_has_an_archive_of_its_own(bench: Bench) -> None:
    code = MODEL + "pathlib.Path(os.environ['SM_OUTPUT_DATA_DIR'], 'plot.txt').write_text('plot')\n"
    bench.run(TrainingRunner(), request(bench, code))

    assert archive(bench, "models/job-1/output/output.tar.gz") == {"plot.txt": b"plot"}


def test_metrics_are_series_and_the_last_value_is_final(bench: Bench) -> None:
    code = MODEL + "for i in range(3): print(f'[{i}] train-auc:{0.5 + i / 8} validation-auc:nan')\n"
    job = request(bench, code, AlgorithmSpecification=metric("train:auc", "train-auc:([0-9.]+)"))
    runner = TrainingRunner()
    handle = bench.start(runner, job)
    bench.follow(runner, handle)

    assert [value for _, value in runner.metrics(handle)["train:auc"]] == [0.5, 0.625, 0.75]
    final = runner.describe(handle)["FinalMetricDataList"]
    assert [(entry["MetricName"], entry["Value"]) for entry in final] == [("train:auc", 0.75)]


def test_metrics_are_read_while_the_job_runs(bench: Bench) -> None:
    code = "import time; print('auc=0.5'); time.sleep(0.4); print('auc=0.75')\n"
    runner = TrainingRunner()
    handle = bench.start(runner, request(bench, code, AlgorithmSpecification=metric("auc", "auc=([0-9.]+)")))
    bench.follow(runner, handle)

    (first, _), (second, _) = runner.metrics(handle)["auc"]
    assert second - first >= 0.3


def test_a_failure_file_is_the_reason(bench: Bench) -> None:
    code = (
        "import os,pathlib,sys\n"
        "pathlib.Path(os.environ['SM_OUTPUT_DIR'], 'failure').write_text('No rows. ' + 'x' * 2000); sys.exit(1)\n"
    )
    state, body = bench.run(TrainingRunner(), request(bench, code))

    assert (state.status, len(state.reason or "")) == ("Failed", 1024)
    assert body["FailureReason"].startswith("No rows.")
    assert body["SecondaryStatus"] == "Failed"
    assert [key for key in bench.stored() if key.startswith("models")] == []


def test_the_description_tells_the_stages(bench: Bench) -> None:
    _, body = bench.run(TrainingRunner(), request(bench, MODEL))

    stages = body["SecondaryStatusTransitions"]
    assert [stage["Status"] for stage in stages] == ["Starting", "Training", "Uploading", "Completed"]
    assert all(stage["EndTime"] >= stage["StartTime"] for stage in stages)
    assert body["TrainingJobStatus"] == "Completed"
    assert body["TrainingTimeInSeconds"] >= 1
    stored = bench.store.resources.get("TrainingJob", "job-1")
    assert stored is not None
    assert stored.body["SecondaryStatus"] == "Completed"


def test_a_job_that_runs_too_long_says_so_as_the_service_does(bench: Bench) -> None:
    limit = {"StoppingCondition": {"MaxRuntimeInSeconds": 0.2}}
    state, body = bench.run(TrainingRunner(), request(bench, "import time; time.sleep(30)", **limit))

    assert state.status == body["TrainingJobStatus"] == "Stopped"
    assert body["SecondaryStatus"] == "MaxRuntimeExceeded"


@BENCH_IN_BOTH
def test_code_may_come_from_an_address(bench: Bench) -> None:
    job = request(bench, MODEL, HyperParameters={"sagemaker_submit_directory": "s3://work/code/code.tar.gz"})

    assert bench.run(TrainingRunner(), job)[0].status == "Completed"


def test_a_missing_code_archive_is_a_sentence(bench: Bench) -> None:
    job = request(bench, MODEL, HyperParameters={"sagemaker_submit_directory": '"/opt/ml/input/data/code/none.gz"'})
    state, _ = bench.run(TrainingRunner(), job)

    assert state.reason == (
        "The code archive none.gz is not where sagemaker_submit_directory says; is it in an input channel?"
    )


def test_a_hostile_code_archive_is_refused(bench: Bench) -> None:
    job = request(bench, MODEL)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as opened:
        opened.addfile(tarfile.TarInfo("../../../../escaped"), io.BytesIO())
    bench.put("code/code.tar.gz", packed.getvalue())
    state, _ = bench.run(TrainingRunner(), job)

    assert state.status == "Failed"
    assert (state.reason or "").startswith("code.tar.gz cannot be unpacked (")
    assert list(bench.store.home.root.rglob("escaped")) == []


@BENCH_IN_BOTH
def test_an_entrypoint_runs_instead_of_script_mode(bench: Bench) -> None:
    words = {"ContainerEntrypoint": ["python3", "-c", "import sys; print('entry', sys.argv[1])"]}
    extra = {**words, "ContainerArguments": ["/opt/ml/model"]}
    bench.run(TrainingRunner(), request(bench, "raise SystemExit(1)", AlgorithmSpecification=extra))

    shown = "/opt/ml" if bench.sandbox.name == "namespace" else f"{bench.store.home.job('job-1')}/opt/ml"
    assert bench.text().startswith(f"entry {shown}/model\n")


SKLEARN = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"


def submitted(bench: Bench, files: dict[str, str], program: str, **more: str) -> dict[str, Any]:
    """A job in script mode as SDK v2 emits it: the source archive by its address, the image's toolkit the newer one."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as opened:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            opened.addfile(member, io.BytesIO(content.encode()))
    uri = bench.put("job/source/sourcedir.tar.gz", packed.getvalue())
    given = {"sagemaker_program": json.dumps(program), "sagemaker_submit_directory": json.dumps(uri), **more}
    return {
        "AlgorithmSpecification": {"TrainingImage": SKLEARN, "TrainingInputMode": "File"},
        "HyperParameters": given,
        "OutputDataConfig": {"S3OutputPath": "s3://work/models"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
    }


@BENCH_IN_BOTH
def test_a_script_runs_as_the_newer_toolkit_starts_it(bench: Bench) -> None:
    code = "import json,os,sys; print(json.dumps([__name__, sys.argv, os.environ['SM_CURRENT_INSTANCE_GROUP']]))"
    nested = {
        "layers": "[64, 32]",
        "map": '{"b": 1, "a": true}',
        "text": '"words, two"',
        "flag": "true",
        "none": "null",
    }
    state, _ = bench.run(TrainingRunner(), submitted(bench, {"my-train.py": code}, "my-train.py", **nested))

    assert state.status == "Completed", state.reason
    name, words, group = json.loads(bench.text().splitlines()[0])
    assert (name, words[0], group) == ("__main__", "my-train.py", "homogeneousCluster")
    assert words[1:] == [
        "--flag", "True", "--layers", "[64, 32]", "--map", "a=True,b=1", "--none", "", "--text", "words, two",
    ]  # fmt: skip


@BENCH_IN_BOTH
@pytest.mark.parametrize("first_line", ["#!/bin/bash\n", ""])
def test_a_shell_script_may_be_the_program(bench: Bench, first_line: str) -> None:
    code = f'{first_line}echo "$@"; python -c "print(41 + 1)"; echo x > "$SM_MODEL_DIR/made"'
    state, _ = bench.run(TrainingRunner(), submitted(bench, {"run.sh": code}, "run.sh", eta="0.5"))

    assert state.status == "Completed", state.reason
    assert bench.text().splitlines() == ["--eta 0.5", "42"]
    assert list(archive(bench, "models/job-1/output/model.tar.gz")) == ["made"]


def test_requirements_that_are_not_here_fail_the_job_before_its_program(bench: Bench) -> None:
    files = {"train.py": "print('ran')", "requirements.txt": "numpy\nno-such-package>2\n"}
    state, _ = bench.run(TrainingRunner(), submitted(bench, files, "train.py"))

    assert state.reason == (
        "The source's requirements.txt asks for packages that are not here, and jobs on the laptop install nothing: "
        "no-such-package>2 (not installed). Satisfied: numpy."
    )
    assert not bench.log.exists()


def test_expressions_for_the_services_logs_find_tabs(bench: Bench) -> None:
    code = MODEL + "print('[0]\\ttrain-rmse:2.5\\tvalidation-rmse:3.5')\n"
    definitions = metric("validation:rmse", ".*#011validation-rmse:([0-9.]+)")
    runner = TrainingRunner()
    handle = bench.start(runner, request(bench, code, AlgorithmSpecification=definitions))
    bench.follow(runner, handle)

    assert [value for _, value in runner.metrics(handle)["validation:rmse"]] == [3.5]
