"""Jobs created outside pipelines, as real processes."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from local.client import client
from local.store.home import Home
from local.store.processes import process_parts
from local.store.store import Store
from tests.support.models import ROLE, SKLEARN, foreign_archive, script_container
from tests.support.pipelines import await_value, processing, training

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

STEPS = (
    "import pathlib, sys; pathlib.Path('/opt/ml/processing/output/made/a.txt').write_text(sys.argv[1]); print('said')"
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Home(tmp_path / "home"))


@pytest.fixture
def sagemaker(store: Store) -> SageMakerClient:
    made: SageMakerClient = client("sagemaker", store.home.root)
    return made


def create(sagemaker: SageMakerClient, name: str, code: str = STEPS, *words: str) -> None:
    request: dict[str, Any] = processing(name, code, *(words or ("one",)), outputs=("made",))["Arguments"]
    request["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"] = "s3://work/made"
    sagemaker.create_processing_job(ProcessingJobName=name, **request)


def ended(sagemaker: SageMakerClient, name: str) -> Any:
    def look() -> Any:
        found = sagemaker.describe_processing_job(ProcessingJobName=name)
        return found if found["ProcessingJobStatus"] in ("Completed", "Failed", "Stopped") else None

    return await_value(look, f"{name} to end", seconds=60)


def test_a_processing_job_runs_by_itself(store: Store, sagemaker: SageMakerClient) -> None:
    create(sagemaker, "alone")

    assert sagemaker.describe_processing_job(ProcessingJobName="alone")["ProcessingJobStatus"] in (
        "InProgress",
        "Completed",
    )
    assert ended(sagemaker, "alone")["ProcessingJobStatus"] == "Completed"
    with store.objects.open("work", "made/a.txt") as handle:
        assert handle.read() == b"one"
    logs = client("logs", store.home.root)
    (stream,) = logs.describe_log_streams(logGroupName="/aws/sagemaker/ProcessingJobs")["logStreams"]
    found = logs.get_log_events(logGroupName="/aws/sagemaker/ProcessingJobs", logStreamName=stream["logStreamName"])
    assert "said" in [event["message"] for event in found["events"]]


def test_training_and_transform_jobs_do_too(store: Store, sagemaker: SageMakerClient) -> None:
    code = "import pathlib\npathlib.Path('/opt/ml/model/a').write_text('trained')\n"
    store.objects.put("work", "code/train.py", code.encode())
    store.objects.put("work", "model.tar.gz", foreign_archive())
    store.objects.put("work", "in/rows.json", b'{"instances": [[1, 1]]}')
    request = training("Train", channels={"code": "s3://work/code/"})["Arguments"]
    request["HyperParameters"] = {
        "sagemaker_program": '"train.py"',
        "sagemaker_submit_directory": '"/opt/ml/input/data/code"',
    }
    request["OutputDataConfig"] = {"S3OutputPath": "s3://work/models"}
    sagemaker.create_training_job(TrainingJobName="train-1", **request)
    sagemaker.create_model(
        ModelName="m",
        ExecutionRoleArn=ROLE,
        PrimaryContainer=script_container("s3://work/model.tar.gz", SKLEARN),  # type: ignore[arg-type] # plain JSON
    )
    sagemaker.create_transform_job(
        TransformJobName="batch-1",
        ModelName="m",
        TransformInput={
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://work/in"}},
            "ContentType": "application/json",
        },
        TransformOutput={"S3OutputPath": "s3://work/out", "Accept": "application/json"},
        TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
    )

    sagemaker.get_waiter("training_job_completed_or_stopped").wait(
        TrainingJobName="train-1", WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    sagemaker.get_waiter("transform_job_completed_or_stopped").wait(
        TransformJobName="batch-1", WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )

    artifacts = sagemaker.describe_training_job(TrainingJobName="train-1")["ModelArtifacts"]["S3ModelArtifacts"]
    assert artifacts == "s3://work/models/train-1/output/model.tar.gz"
    with store.objects.open("work", "out/rows.json.out") as handle:
        assert handle.read() == b'{"predictions": [3]}'


def test_a_name_is_taken_once_and_what_cannot_run_is_refused(sagemaker: SageMakerClient) -> None:
    create(sagemaker, "alone")
    with pytest.raises(ClientError, match="must be unique") as taken:
        create(sagemaker, "alone")
    assert taken.value.response["Error"]["Code"] == "ResourceInUse"

    request = processing("none", "pass")["Arguments"]
    del request["AppSpecification"]["ContainerEntrypoint"]
    with pytest.raises(ClientError, match="The processing job none has no ContainerEntrypoint"):
        sagemaker.create_processing_job(ProcessingJobName="none", **request)
    ended(sagemaker, "alone")


def test_it_can_be_stopped(sagemaker: SageMakerClient) -> None:
    create(sagemaker, "long", "import time; print('up', flush=True); time.sleep(600)")
    sagemaker.stop_processing_job(ProcessingJobName="long")

    assert ended(sagemaker, "long")["ProcessingJobStatus"] == "Stopped"


def test_one_whose_process_was_killed_has_failed(store: Store, sagemaker: SageMakerClient) -> None:
    create(sagemaker, "long", "import time; time.sleep(600)")

    def running() -> Any:
        record = store.resources.get("LooseJob", "ProcessingJob/long")
        return record if record is not None and (record.body.get("handle") or {}).get("process") else None

    record = await_value(running, "the job's program to run", seconds=60)
    pid, _ = process_parts(record.body["owner"])
    assert pid is not None
    os.kill(pid, signal.SIGKILL)

    found = ended(sagemaker, "long")
    assert found["ProcessingJobStatus"] == "Failed"
    assert found["FailureReason"].startswith("The process that ran this job ended unexpectedly.")
    job, _ = process_parts(record.body["handle"]["process"])
    deadline = time.monotonic() + 10
    while job is not None and Path(f"/proc/{job}").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not Path(f"/proc/{job}").exists()
