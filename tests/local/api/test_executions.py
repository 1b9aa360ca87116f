"""Executions through boto3, run by the real engine: started, followed, stopped, taken up again."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from local.client import client
from local.store.store import Store

# The stubs' SageMakerClient asks for the request tokens that boto3 makes by itself.
Boto3: TypeAlias = Any
Refused = Callable[..., tuple[str, str]]
Make = Callable[..., str]
ROLE = "arn:aws:iam::000000000000:role/pipeline"
NO: Any = [{"Name": "Go", "Value": "no"}]


def ended(sagemaker: Boto3, arn: str, seconds: float = 30.0) -> dict[str, Any]:
    """Wait for the end of an execution and return its description."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        described: Any = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
        if described["PipelineExecutionStatus"] not in ("Executing", "Stopping"):
            return dict(described)
        time.sleep(0.02)
    pytest.fail(f"{arn} did not end within {seconds} s")


def steps(sagemaker: Boto3, arn: str, **params: Any) -> list[dict[str, Any]]:
    pages = sagemaker.get_paginator("list_pipeline_execution_steps").paginate(PipelineExecutionArn=arn, **params)
    return [dict(each) for page in pages for each in page["PipelineExecutionSteps"]]


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


def test_an_execution_runs_to_its_end(sagemaker: Boto3, pipeline: str) -> None:
    before = time.time()
    arn = sagemaker.start_pipeline_execution(
        PipelineName=pipeline, PipelineExecutionDisplayName="first", PipelineExecutionDescription="For tests."
    )["PipelineExecutionArn"]
    described = ended(sagemaker, arn)
    assert described["PipelineExecutionStatus"] == "Succeeded", described.get("FailureReason")
    assert described["PipelineArn"] == "arn:aws:sagemaker:us-east-1:000000000000:pipeline/demo"
    assert (described["PipelineExecutionDisplayName"], described["PipelineExecutionDescription"]) == (
        "first",
        "For tests.",
    )
    assert described["RoleArn"] == ROLE
    assert before <= described["CreationTime"].timestamp() <= described["LastModifiedTime"].timestamp() <= time.time()
    assert "FailureReason" not in described
    (step,) = steps(sagemaker, arn)
    assert (step["StepName"], step["StepDisplayName"], step["StepStatus"]) == ("Decide", "Shall it go?", "Succeeded")
    assert step["Metadata"] == {"Condition": {"Outcome": "True"}}
    assert step["StartTime"] <= step["EndTime"]
    pipeline_now = sagemaker.describe_pipeline(PipelineName=pipeline)
    assert pipeline_now["LastRunTime"] == described["CreationTime"]


def test_a_fail_step_fails_the_execution_with_its_message(sagemaker: Boto3, pipeline: str) -> None:
    arn = sagemaker.start_pipeline_execution(PipelineName=pipeline, PipelineParameters=NO)["PipelineExecutionArn"]
    described = ended(sagemaker, arn)
    assert described["PipelineExecutionStatus"] == "Failed"
    assert "Go was not yes." in described["FailureReason"]
    last, first = steps(sagemaker, arn)
    assert (first["StepName"], first["Metadata"]) == ("Decide", {"Condition": {"Outcome": "False"}})
    assert (last["StepName"], last["StepStatus"]) == ("Stop", "Failed")
    assert last["Metadata"] == {"Fail": {"ErrorMessage": "Go was not yes."}}
    assert last["FailureReason"] == "Go was not yes."
    assert [each["StepName"] for each in steps(sagemaker, arn, SortOrder="Ascending")] == ["Decide", "Stop"]
    assert [each["StepName"] for each in steps(sagemaker, arn, PaginationConfig={"PageSize": 1})] == ["Stop", "Decide"]


def test_parameters_are_listed_with_the_defaults_of_those_not_given(sagemaker: Boto3, pipeline: str) -> None:
    arn = sagemaker.start_pipeline_execution(
        PipelineName=pipeline, PipelineParameters=[{"Name": "Count", "Value": "12"}]
    )["PipelineExecutionArn"]
    listed = sagemaker.list_pipeline_parameters_for_execution(PipelineExecutionArn=arn)["PipelineParameters"]
    assert listed == [{"Name": "Count", "Value": "12"}, {"Name": "Go", "Value": "yes"}]
    ended(sagemaker, arn)


def test_an_execution_keeps_the_definition_it_started_with(sagemaker: Boto3, pipeline: str, definition: Make) -> None:
    arn = sagemaker.start_pipeline_execution(PipelineName=pipeline)["PipelineExecutionArn"]
    sagemaker.update_pipeline(PipelineName=pipeline, PipelineDefinition=definition(Metadata={"changed": "yes"}))
    found = sagemaker.describe_pipeline_definition_for_execution(PipelineExecutionArn=arn)
    assert found["PipelineDefinition"] == definition()
    ended(sagemaker, arn)
    sagemaker.delete_pipeline(PipelineName=pipeline, ClientRequestToken="d" * 32)
    assert len(sagemaker.list_pipeline_executions(PipelineName=pipeline)["PipelineExecutionSummaries"]) == 1


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
        sagemaker.start_pipeline_execution,
        PipelineName=pipeline,
        SelectiveExecutionConfig={"SelectedSteps": [{"StepName": "Decide"}]},
    )
    assert code == "ValidationException"
    assert "SelectiveExecutionConfig" in message


def test_executions_are_listed_newest_first_and_in_pages(sagemaker: Boto3, pipeline: str) -> None:
    arns = [sagemaker.start_pipeline_execution(PipelineName=pipeline)["PipelineExecutionArn"] for _ in range(3)]
    for arn in arns:
        ended(sagemaker, arn)

    def listed(**params: Any) -> list[str]:
        pages = sagemaker.get_paginator("list_pipeline_executions").paginate(
            PipelineName=pipeline, **params, PaginationConfig={"PageSize": 2}
        )
        return [each["PipelineExecutionArn"] for page in pages for each in page["PipelineExecutionSummaries"]]

    assert listed() == arns[::-1]
    assert listed(SortOrder="Ascending") == arns
    assert listed(SortBy="PipelineExecutionArn", SortOrder="Ascending") == sorted(arns)
    assert listed(CreatedAfter=4e9) == []
    summary = sagemaker.list_pipeline_executions(PipelineName=pipeline)["PipelineExecutionSummaries"][0]
    assert summary["PipelineExecutionStatus"] == "Succeeded"
    assert summary["PipelineExecutionDisplayName"].startswith("execution-")


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


def test_a_job_has_a_log_and_a_step_from_the_cache_says_whose_result_it_took(
    sagemaker: Boto3, definition: Make, home: Path
) -> None:
    arguments = {
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}
        },
        "AppSpecification": {
            "ImageUri": "000000000000.dkr.ecr.us-east-1.amazonaws.com/image:1",
            "ContainerEntrypoint": ["python3", "-c", "print('first line'); print('second line')"],
        },
        "RoleArn": ROLE,
    }
    cache = {"Enabled": True, "ExpireAfter": "P1D"}
    step = {"Name": "Speak", "Type": "Processing", "Arguments": arguments, "CacheConfig": cache}
    sagemaker.create_pipeline(
        PipelineName="Speaker", PipelineDefinition=definition(Parameters=[], Steps=[step]), RoleArn=ROLE
    )
    arns = []
    for _ in range(2):
        arns.append(sagemaker.start_pipeline_execution(PipelineName="Speaker")["PipelineExecutionArn"])
        described = ended(sagemaker, arns[-1])
        assert described["PipelineExecutionStatus"] == "Succeeded", described.get("FailureReason")
    ((first,), (second,)) = (steps(sagemaker, arn) for arn in arns)
    assert "CacheHitResult" not in first
    assert second["CacheHitResult"] == {"SourcePipelineExecutionArn": arns[0]}
    job = second["Metadata"]["ProcessingJob"]["Arn"].rpartition("/")[2]
    assert sagemaker.describe_processing_job(ProcessingJobName=job)["ProcessingJobStatus"] == "Completed"
    logs = client("logs", home)
    group = "/aws/sagemaker/ProcessingJobs"
    (stream,) = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=f"{job}/")["logStreams"]
    events = logs.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"])["events"]
    assert [event["message"] for event in events if event["message"].endswith("line")] == ["first line", "second line"]


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


def test_what_is_not_there(sagemaker: Boto3, refused: Refused) -> None:
    arn = "arn:aws:sagemaker:us-east-1:000000000000:pipeline/demo/execution/aaaaaaaaaaaa"
    for function in (
        sagemaker.describe_pipeline_execution,
        sagemaker.describe_pipeline_definition_for_execution,
        sagemaker.list_pipeline_execution_steps,
        sagemaker.list_pipeline_parameters_for_execution,
        sagemaker.stop_pipeline_execution,
        sagemaker.retry_pipeline_execution,
        sagemaker.update_pipeline_execution,
    ):
        assert refused(function, PipelineExecutionArn=arn) == (
            "ResourceNotFound",
            f"Pipeline execution '{arn}' does not exist.",
        )
    code, message = refused(sagemaker.describe_pipeline_execution, PipelineExecutionArn="x" * 5000)
    assert code == "ValidationException"
    assert len(message) < 1000
