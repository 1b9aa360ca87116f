"""Executions described and listed through boto3, after the real engine ran them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local.client import client
from tests.local.api.sagemaker.following import ROLE, Boto3, ended, steps

Refused = Callable[..., tuple[str, str]]
Make = Callable[..., str]
NO: Any = [{"Name": "Go", "Value": "no"}]


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
