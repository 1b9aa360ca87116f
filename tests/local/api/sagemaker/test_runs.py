"""Executions started, stopped and taken up again through boto3, by the real engine."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.client import client
from local.store.store import Store
from tests.local.api.sagemaker.following import ROLE, Boto3, ended, steps

Refused = Callable[..., tuple[str, str]]
Make = Callable[..., str]
NO: Any = [{"Name": "Go", "Value": "no"}]


@pytest.fixture
def sleeper(sagemaker: Boto3, definition: Make) -> str:
    """The name of a pipeline whose one job lasts until it is stopped, or ends at once where a file says so."""
    # One line: the service's pattern for entry points allows no more.
    program = "import pathlib, sys, time; [time.sleep(0.02) for _ in iter(pathlib.Path(sys.argv[1]).exists, True)]"
    arguments = {
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}
        },
        "AppSpecification": {
            "ImageUri": "000000000000.dkr.ecr.us-east-1.amazonaws.com/image:1",
            "ContainerEntrypoint": ["python3", "-c", program],
            "ContainerArguments": [{"Get": "Parameters.Gate"}],
        },
        "RoleArn": ROLE,
    }
    text = definition(
        Parameters=[{"Name": "Gate", "Type": "String"}],
        Steps=[{"Name": "Sleep", "Type": "Processing", "Arguments": arguments}],
    )
    sagemaker.create_pipeline(
        PipelineName="Sleeper", PipelineDefinition=text, RoleArn=ROLE, ClientRequestToken="t" * 32
    )
    return "Sleeper"


def start_sleeper(sagemaker: Boto3, sleeper: str, gate: Path) -> str:
    """Start it and wait until its job runs."""
    started = sagemaker.start_pipeline_execution(
        PipelineName=sleeper, PipelineParameters=[{"Name": "Gate", "Value": str(gate)}]
    )
    arn = str(started["PipelineExecutionArn"])
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        found = steps(sagemaker, arn)
        if found and found[0]["StepStatus"] == "Executing":
            return arn
        time.sleep(0.02)
    pytest.fail(f"the job did not start: {ended(sagemaker, arn)}")


def test_a_running_execution_is_stopped_and_taken_up_again(
    sagemaker: Boto3, sleeper: str, tmp_path: Path, refused: Refused
) -> None:
    gate = tmp_path / "gate"
    arn = start_sleeper(sagemaker, sleeper, gate)
    (step,) = steps(sagemaker, arn)
    job = step["Metadata"]["ProcessingJob"]["Arn"].rpartition("/")[2]
    assert sagemaker.describe_processing_job(ProcessingJobName=job)["ProcessingJobStatus"] == "InProgress"
    assert refused(sagemaker.retry_pipeline_execution, PipelineExecutionArn=arn)[0] == "ConflictException"
    assert refused(sagemaker.delete_pipeline, PipelineName=sleeper)[0] == "ConflictException"
    sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn)
    sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn)
    assert ended(sagemaker, arn)["PipelineExecutionStatus"] == "Stopped"
    code, message = refused(sagemaker.stop_pipeline_execution, PipelineExecutionArn=arn)
    assert code == "ConflictException"
    assert message == (
        f"Pipeline execution with ARN {arn} has status 'Stopped'. "
        "Only pipelines with 'Executing' status can be stopped."
    )
    gate.touch()
    sagemaker.retry_pipeline_execution(PipelineExecutionArn=arn)
    assert ended(sagemaker, arn)["PipelineExecutionStatus"] == "Succeeded"
    code, message = refused(sagemaker.retry_pipeline_execution, PipelineExecutionArn=arn)
    assert (code, message) == (
        "ValidationException",
        f"Pipeline execution {arn} succeeded: there is nothing to retry.",
    )


def test_a_dead_engine_is_seen_and_its_execution_taken_up_again(
    sagemaker: Boto3, sleeper: str, tmp_path: Path, store: Store, refused: Refused
) -> None:
    gate = tmp_path / "gate"
    arn = start_sleeper(sagemaker, sleeper, gate)
    execution = store.executions.get(arn)
    assert execution is not None
    assert execution.owner is not None
    os.kill(int(execution.owner.partition(":")[0]), signal.SIGKILL)
    described = ended(sagemaker, arn)
    assert described["PipelineExecutionStatus"] == "Failed"
    assert "ended unexpectedly" in described["FailureReason"]
    (summary,) = sagemaker.list_pipeline_executions(PipelineName=sleeper)["PipelineExecutionSummaries"]
    assert summary["PipelineExecutionStatus"] == "Failed"
    gate.touch()
    sagemaker.retry_pipeline_execution(PipelineExecutionArn=arn)
    described = ended(sagemaker, arn)
    assert described["PipelineExecutionStatus"] == "Succeeded", described.get("FailureReason")


def test_the_same_token_is_the_same_execution(sagemaker: Boto3, pipeline: str, home: Path) -> None:
    started: list[str] = []

    def start() -> None:
        made = client("sagemaker", home)
        answer = made.start_pipeline_execution(PipelineName=pipeline, ClientRequestToken="s" * 32)
        started.append(answer["PipelineExecutionArn"])

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(started) == 4
    assert len(set(started)) == 1
    assert ended(sagemaker, started[0])["PipelineExecutionStatus"] == "Succeeded"
    assert len(sagemaker.list_pipeline_executions(PipelineName=pipeline)["PipelineExecutionSummaries"]) == 1


def test_everything_that_keeps_a_pipeline_from_running_is_said_at_once(
    sagemaker: Boto3, pipeline: str, store: Store, definition: Make, refused: Refused
) -> None:
    # As if an earlier version had let it in: a type of step that the laptop does not run.
    found = store.resources.get("Pipeline", pipeline)
    assert found is not None
    raw = json.loads(definition())
    raw["Steps"].append({"Name": "Cluster", "Type": "EMR", "Arguments": {"ClusterId": "j-1", "StepConfig": {}}})
    body = {**found.body, "PipelineDefinition": json.dumps(raw)}
    store.resources.put("Pipeline", pipeline, found.arn, body, now=time.time(), status="Active")
    parameters: Any = [
        {"Name": "Go", "Value": "perhaps"},
        {"Name": "Count", "Value": "many"},
        {"Name": "Nobody", "Value": "x"},
    ]
    code, message = refused(sagemaker.start_pipeline_execution, PipelineName=pipeline, PipelineParameters=parameters)
    assert code == "ValidationException"
    for part in ("perhaps", "many", "Nobody", "Cluster"):
        assert part in message
    assert sagemaker.list_pipeline_executions(PipelineName=pipeline)["PipelineExecutionSummaries"] == []


def test_a_parameter_is_given_once(sagemaker: Boto3, pipeline: str, refused: Refused) -> None:
    code, message = refused(sagemaker.start_pipeline_execution, PipelineName=pipeline, PipelineParameters=[*NO, *NO])
    assert (code, message) == (
        "ValidationException",
        "Parameter 'Go' is given twice. Give each parameter once.",
    )


def test_what_is_not_carried_out_yet_is_said(sagemaker: Boto3, pipeline: str, refused: Refused) -> None:
    code, message = refused(
        sagemaker.start_pipeline_execution, PipelineName=pipeline, MlflowExperimentName="experiment"
    )
    assert code == "ValidationException"
    assert "MlflowExperimentName" in message


def test_an_execution_is_renamed(sagemaker: Boto3, pipeline: str) -> None:
    arn = sagemaker.start_pipeline_execution(PipelineName=pipeline)["PipelineExecutionArn"]
    ended(sagemaker, arn)
    sagemaker.update_pipeline_execution(
        PipelineExecutionArn=arn, PipelineExecutionDisplayName="renamed", PipelineExecutionDescription="Why."
    )
    described = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
    assert (described["PipelineExecutionDisplayName"], described["PipelineExecutionDescription"]) == (
        "renamed",
        "Why.",
    )
