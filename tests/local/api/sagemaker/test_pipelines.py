"""Pipelines through boto3: made, changed, described, listed, deleted; definitions that are wrong are refused whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient

Refused = Callable[..., tuple[str, str]]
Make = Callable[..., str]
ROLE = "arn:aws:iam::000000000000:role/pipeline"
ARN = "arn:aws:sagemaker:us-east-1:000000000000:pipeline/demo"


def request(definition: str, name: str = "Demo", token: str = "t" * 32) -> Any:
    return {
        "PipelineName": name,
        "PipelineDefinition": definition,
        "RoleArn": ROLE,
        "ClientRequestToken": token,
    }


def test_a_pipeline_is_described_as_it_was_made(sagemaker: SageMakerClient, definition: Make) -> None:
    made = sagemaker.create_pipeline(
        **request(definition()),
        PipelineDescription="For tests.",
        ParallelismConfiguration={"MaxParallelExecutionSteps": 3},
        Tags=[{"Key": "team", "Value": "one"}],
    )
    assert made["PipelineArn"] == ARN
    for name in ("Demo", "demo", ARN):
        described = sagemaker.describe_pipeline(PipelineName=name)
        assert (described["PipelineName"], described["PipelineArn"]) == ("Demo", ARN)
    assert described["PipelineDefinition"] == definition()
    assert (described["PipelineDescription"], described["RoleArn"]) == ("For tests.", ROLE)
    assert described["PipelineStatus"] == "Active"
    assert described["ParallelismConfiguration"] == {"MaxParallelExecutionSteps": 3}
    assert described["CreationTime"] == described["LastModifiedTime"]
    assert "ClientRequestToken" not in described
    assert sagemaker.list_tags(ResourceArn=ARN)["Tags"] == [{"Key": "team", "Value": "one"}]


def test_a_name_is_taken_once_and_the_same_token_is_the_same_pipeline(
    sagemaker: SageMakerClient, definition: Make, refused: Refused
) -> None:
    sagemaker.create_pipeline(**request(definition()))
    assert sagemaker.create_pipeline(**request(definition()))["PipelineArn"] == ARN
    for name in ("Demo", "DEMO"):
        code, message = refused(sagemaker.create_pipeline, **request(definition(), name, token="u" * 32))
        assert code == "ValidationException"
        assert message == (
            "Pipeline names must be unique within an AWS account and region. "
            f"Pipeline with name ({name}) already exists."
        )


def test_a_definition_may_stand_in_an_object(
    sagemaker: SageMakerClient, s3: S3Client, definition: Make, refused: Refused
) -> None:
    s3.put_object(Bucket="defs", Key="p.json", Body=definition())
    place: Any = {"Bucket": "defs", "ObjectKey": "p.json"}
    common: Any = {"PipelineName": "Demo", "RoleArn": ROLE, "ClientRequestToken": "t" * 32}
    sagemaker.create_pipeline(**common, PipelineDefinitionS3Location=place)
    assert sagemaker.describe_pipeline(PipelineName="Demo")["PipelineDefinition"] == definition()
    other: Any = {**common, "PipelineName": "Other"}
    missing: Any = {"Bucket": "defs", "ObjectKey": "no.json"}
    code, message = refused(sagemaker.create_pipeline, **other, PipelineDefinitionS3Location=missing)
    assert (code, message) == (
        "ValidationException",
        "The pipeline definition cannot be read. There is no object s3://defs/no.json.",
    )
    assert refused(sagemaker.create_pipeline, **other)[0] == "ValidationException"
    both: Any = {**other, "PipelineDefinition": definition(), "PipelineDefinitionS3Location": place}
    assert refused(sagemaker.create_pipeline, **both)[0] == "ValidationException"
    s3.put_object(Bucket="defs", Key="p.json", Body=b"\xff\xfe")
    code, message = refused(sagemaker.create_pipeline, **other, PipelineDefinitionS3Location=place)
    assert message == "The pipeline definition is not UTF-8 text."


def test_an_update_changes_what_it_gives(sagemaker: SageMakerClient, pipeline: str, definition: Make) -> None:
    other = definition(Metadata={"changed": "yes"})
    updated = sagemaker.update_pipeline(PipelineName=pipeline, PipelineDefinition=other)
    assert updated["PipelineArn"] == ARN
    sagemaker.update_pipeline(PipelineName=pipeline, PipelineDescription="Changed.")
    described = sagemaker.describe_pipeline(PipelineName=pipeline)
    assert (described["PipelineDefinition"], described["PipelineDescription"]) == (other, "Changed.")
    assert described["RoleArn"] == ROLE
    assert described["LastModifiedTime"] > described["CreationTime"]


def test_everything_wrong_with_a_definition_is_said_at_once(
    sagemaker: SageMakerClient, pipeline: str, definition: Make, refused: Refused
) -> None:
    steps = [
        {"Name": "One", "Type": "Fail", "Arguments": {"ErrorMessage": {"Get": "Parameters.Nobody"}}},
        {"Name": "Two", "Type": "Fail", "Arguments": {"ErrorMessage": "x"}, "DependsOn": ["Nowhere"]},
    ]
    for function in (sagemaker.create_pipeline, sagemaker.update_pipeline):
        params = request(definition(Steps=steps), "Other" if function == sagemaker.create_pipeline else pipeline)
        if function == sagemaker.update_pipeline:
            del params["ClientRequestToken"]
        code, message = refused(function, **params)
        assert code == "ValidationException"
        assert message.startswith("The pipeline cannot run as it stands: 2 mistakes.\n- ")
        assert "Nobody" in message
        assert "Nowhere" in message
    assert json.loads(sagemaker.describe_pipeline(PipelineName=pipeline)["PipelineDefinition"])["Steps"][0]["Name"] == (
        "Decide"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "The pipeline definition is not JSON: "),
        ("[]", "The pipeline definition must be a JSON object."),
        ('{"Version": NaN}', "The pipeline definition is not JSON: NaN is not a JSON number."),
        ("[" * 100_000, "The pipeline definition is nested too deeply."),
        ('{"a":' * 5_000 + "1" + "}" * 5_000, "The pipeline "),
        ("{}", "The pipeline cannot run as it stands: "),
    ],
)
def test_text_that_is_no_definition_is_refused(
    sagemaker: SageMakerClient, text: str, message: str, refused: Refused
) -> None:
    code, found = refused(sagemaker.create_pipeline, **request(text))
    assert code == "ValidationException"
    assert found.startswith(message), found
    assert sagemaker.list_pipelines()["PipelineSummaries"] == []


def test_a_request_is_held_against_its_shape_in_the_services_words(
    sagemaker: SageMakerClient, definition: Make, refused: Refused
) -> None:
    params = {**request(definition(), "-" + "x" * 300, token="t" * 129), "RoleArn": "nobody, but a long one"}
    code, message = refused(sagemaker.create_pipeline, **params)
    assert code == "ValidationException"
    assert message.startswith("3 validation errors detected: Value '")
    assert (
        "at 'pipelineName' failed to satisfy constraint: Member must have length less than or equal to 256" in message
    )
    assert "at 'clientRequestToken' failed to satisfy constraint: Member must have length less than" in message
    assert "Member must satisfy regular expression pattern: arn:aws[a-z" in message


def test_pipelines_are_listed_with_filters_and_in_pages(sagemaker: SageMakerClient, definition: Make) -> None:
    for name in ("beta", "Alpha", "alphabet"):
        sagemaker.create_pipeline(**request(definition(), name))

    def names(**params: Any) -> list[str]:
        pages = sagemaker.get_paginator("list_pipelines").paginate(**params, PaginationConfig={"PageSize": 2})
        return [each["PipelineName"] for page in pages for each in page["PipelineSummaries"]]

    assert names() == ["alphabet", "Alpha", "beta"]
    assert names(SortOrder="Ascending") == ["beta", "Alpha", "alphabet"]
    assert names(SortBy="Name") == ["Alpha", "alphabet", "beta"]
    assert names(PipelineNamePrefix="alpha") == ["alphabet"]
    assert names(CreatedBefore=1) == []
    assert names(ManagedBy="AWS") == []


def test_a_page_goes_on_where_the_last_one_ended_whatever_came_between(
    sagemaker: SageMakerClient, definition: Make
) -> None:
    for name in ("a", "b", "c"):
        sagemaker.create_pipeline(**request(definition(), name))
    first = sagemaker.list_pipelines(SortBy="Name", MaxResults=2)
    sagemaker.delete_pipeline(PipelineName="b", ClientRequestToken="d" * 32)
    sagemaker.create_pipeline(**request(definition(), "aa"))
    second = sagemaker.list_pipelines(SortBy="Name", MaxResults=2, NextToken=first["NextToken"])
    assert [each["PipelineName"] for each in second["PipelineSummaries"]] == ["c"]
    assert "NextToken" not in second


def test_what_is_not_there(sagemaker: SageMakerClient, definition: Make, refused: Refused) -> None:
    token: Any = {"ClientRequestToken": "t" * 32}
    for function, more in (
        (sagemaker.describe_pipeline, {}),
        (sagemaker.update_pipeline, {"PipelineDescription": "x"}),
        (sagemaker.delete_pipeline, token),
        (sagemaker.start_pipeline_execution, token),
        (sagemaker.list_pipeline_executions, {}),
    ):
        params: Any = {"PipelineName": "Demo", **more}
        assert refused(function, **params) == ("ResourceNotFound", f"Pipeline '{ARN}' does not exist.")
    with pytest.raises(sagemaker.exceptions.ResourceNotFound):
        sagemaker.describe_pipeline(PipelineName="Demo")


def test_a_deleted_pipelines_name_is_free_again(
    sagemaker: SageMakerClient, pipeline: str, definition: Make, refused: Refused
) -> None:
    assert sagemaker.delete_pipeline(PipelineName=pipeline, ClientRequestToken="d" * 32)["PipelineArn"] == ARN
    assert refused(sagemaker.describe_pipeline, PipelineName=pipeline)[0] == "ResourceNotFound"
    sagemaker.create_pipeline(**request(definition()))


def test_versions_are_not_kept(sagemaker: SageMakerClient, pipeline: str, refused: Refused) -> None:
    code, message = refused(sagemaker.describe_pipeline, PipelineName=pipeline, PipelineVersionId=3)
    assert (code, message) == (
        "ValidationException",
        "The laptop keeps one version of a pipeline: leave PipelineVersionId out.",
    )
