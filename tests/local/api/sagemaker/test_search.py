"""Search through boto3: which records which expressions find, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from local.store.executions import new_execution
from local.store.names import arn, execution_arn, role_arn
from local.store.store import Store

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

Refused = Callable[..., tuple[str, str]]
STATUSES = {"a": "Completed", "b": "Failed", "c": "Completed", "d": "Stopped"}


def training(number: int, name: str, status: str) -> dict[str, Any]:
    """A job whose values grow with its number; `d` has neither metrics nor inputs."""
    body: dict[str, Any] = {
        "TrainingJobName": name,
        "TrainingJobArn": arn(f"training-job/{name}"),
        "ModelArtifacts": {"S3ModelArtifacts": f"s3://b/{name}/model.tar.gz"},
        "TrainingJobStatus": status,
        "SecondaryStatus": status,
        "HyperParameters": {"eta": f"{number / 10}", "max_depth": f"{number}", "objective": '"binary:logistic"'},
        "AlgorithmSpecification": {"TrainingInputMode": "File", "TrainingImage": "image"},
        "RoleArn": role_arn("training"),
        "StoppingCondition": {"MaxRuntimeInSeconds": 60 * number},
        "EnableNetworkIsolation": number == 1,
        "CreationTime": 1_000_000.0 + number,
        "LastModifiedTime": 2_000_000.0 - number,
    }
    if name != "d":
        body["FinalMetricDataList"] = [
            {"MetricName": "validation:auc", "Value": 0.8 + number / 100, "Timestamp": 1.0},
            {"MetricName": "loss", "Value": 1.0, "Timestamp": 1.0},
        ]
        body["InputDataConfig"] = [channel("train", f"s3://one/{name}"), channel("test", "s3://two/x")]
    return body


def channel(name: str, uri: str) -> dict[str, Any]:
    return {"ChannelName": name, "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}}


@pytest.fixture
def jobs(store: Store) -> Store:
    for number, (name, status) in enumerate(STATUSES.items(), start=1):
        body = training(number, name, status)
        store.resources.put("TrainingJob", name, body["TrainingJobArn"], body, now=1_000_000.0 + number)
    store.resources.tag(arn("training-job/a"), {"team": "red", "a.b": "c"})
    store.resources.tag(arn("training-job/b"), {"team": "blue"})
    return store


def found(sagemaker: SageMakerClient, expression: Any = None, **params: Any) -> str:
    """The names of the training jobs that are found, in the order of the answer."""
    given = {"SearchExpression": expression} if expression is not None else {}
    answer = sagemaker.search(Resource="TrainingJob", **given, **params)
    return "".join(each["TrainingJob"]["TrainingJobName"] for each in answer["Results"])


def where(name: str, operator: str | None = None, value: str | None = None) -> dict[str, str]:
    given = {"Name": name, "Operator": operator, "Value": value}
    return {key: text for key, text in given.items() if text is not None}


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (where("TrainingJobStatus", "Equals", "Completed"), "ac"),
        (where("TrainingJobStatus", None, "Completed"), "ac"),
        (where("TrainingJobStatus", "NotEquals", "Completed"), "bd"),
        (where("TrainingJobStatus", "In", "Failed, Stopped"), "bd"),
        (where("TrainingJobName", "Contains", "c"), "c"),
        (where("FinalMetricDataList", "Exists"), "abc"),
        (where("InputDataConfig", "NotExists"), "d"),
        (where("Metrics.validation:auc", "GreaterThan", "0.815"), "bc"),
        (where("Metrics.validation:auc", "NotExists"), "d"),
        (where("HyperParameters.eta", "LessThan", "0.3"), "ab"),
        (where("HyperParameters.eta", "LessThan", "1"), "abcd"),
        (where("HyperParameters.max_depth", "GreaterThanOrEqualTo", "3"), "cd"),
        (where("HyperParameters.objective", "Contains", "logistic"), "abcd"),
        (where("HyperParameters.objective", "LessThan", "3"), ""),
        (where("Tags.team", "Equals", "red"), "a"),
        (where("Tags.a.b", "Equals", "c"), "a"),
        (where("Tags.team", "NotExists"), "cd"),
        (where("InputDataConfig.ChannelName", "Equals", "test"), "abc"),
        (where("StoppingCondition.MaxRuntimeInSeconds", "LessThanOrEqualTo", "120"), "ab"),
        (where("EnableNetworkIsolation", "Equals", "true"), "a"),
        (where("CreationTime", "GreaterThan", "1970-01-12T13:46:42"), "cd"),
        (where("CreationTime", "Equals", "1970-01-12T13:46:42Z"), "b"),
    ],
    ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else value,
)
def test_one_filter(sagemaker: SageMakerClient, jobs: Store, condition: Any, names: str) -> None:
    assert found(sagemaker, {"Filters": [condition]}) == names


def test_a_nested_filter_holds_for_one_element_of_a_list(sagemaker: SageMakerClient, jobs: Store) -> None:
    channel_name = where("InputDataConfig.ChannelName", "Equals", "train")
    uri = "InputDataConfig.DataSource.S3DataSource.S3Uri"

    def nested(bucket: str) -> str:
        filters = [channel_name, where(uri, "Contains", bucket)]
        return found(sagemaker, {"NestedFilters": [{"NestedPropertyName": "InputDataConfig", "Filters": filters}]})

    assert nested("s3://one") == "abc"
    assert nested("s3://two") == ""
    assert found(sagemaker, {"Filters": [channel_name, where(uri, "Contains", "s3://two")]}) == "abc"


def test_expressions_within_expressions(sagemaker: SageMakerClient, jobs: Store) -> None:
    red = {"Filters": [where("Tags.team", "Equals", "red")]}
    late = {"Filters": [where("TrainingJobStatus", None, "Stopped"), where("TrainingJobName", None, "c")]}
    assert found(sagemaker, {"SubExpressions": [red, {**late, "Operator": "Or"}], "Operator": "Or"}) == "acd"
    assert found(sagemaker, {"SubExpressions": [red, {**late, "Operator": "Or"}]}) == ""


def test_order_and_pages(sagemaker: SageMakerClient, jobs: Store) -> None:
    assert found(sagemaker) == "abcd"
    assert found(sagemaker, SortOrder="Ascending") == "dcba"
    assert found(sagemaker, SortBy="TrainingJobName") == "dcba"
    assert found(sagemaker, SortBy="Metrics.validation:auc", SortOrder="Ascending") == "dabc"
    first = sagemaker.search(Resource="TrainingJob", MaxResults=3)
    assert first["TotalHits"] == {"Value": 4, "Relation": "EqualTo"}
    assert found(sagemaker, NextToken=first["NextToken"], MaxResults=3) == "d"


def test_records_show_tags_and_nothing_of_ours(sagemaker: SageMakerClient, jobs: Store) -> None:
    condition = where("TrainingJobName", None, "b")
    (result,) = sagemaker.search(Resource="TrainingJob", SearchExpression={"Filters": [condition]})["Results"]  # type: ignore[list-item]
    assert result["TrainingJob"]["Tags"] == [{"Key": "team", "Value": "blue"}]
    assert result["TrainingJob"]["CreationTime"].timestamp() == 1_000_002.0


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ({}, "A SearchExpression needs at least one filter, nested filter or subexpression."),
        ({"Filters": [where("Colour", "Exists")]}, "Unknown property name 'Colour' for the resource TrainingJob."),
        (
            {"Filters": [where("TrainingJobName", "Equals")]},
            "The filter on 'TrainingJobName' needs a Value for its operator Equals.",
        ),
        (
            {"Filters": [where("TrainingJobName", "LessThan", "b")]},
            "The operator LessThan is not supported for the property 'TrainingJobName'.",
        ),
        (
            {"Filters": [where("CreationTime", "LessThan", "yesterday")]},
            "The value 'yesterday' of the filter on 'CreationTime' is not a time such as 2026-01-31T12:00:00.",
        ),
    ],
)
def test_what_cannot_be_asked(
    sagemaker: SageMakerClient, jobs: Store, refused: Refused, expression: Any, message: str
) -> None:
    given = refused(sagemaker.search, Resource="TrainingJob", SearchExpression=expression)
    assert given == ("ValidationException", message)


def test_every_kind_that_the_laptop_has(sagemaker: SageMakerClient, pipeline: str, store: Store) -> None:
    sagemaker.create_model_package_group(ModelPackageGroupName="group")
    sagemaker.create_model_package(ModelPackageGroupName="group", ModelApprovalStatus="Approved")
    sagemaker.create_model(ModelName="served", PrimaryContainer={"Image": "000000000000.dkr.ecr.us-east-1.x/i:1"})
    store.executions.create(
        new_execution(
            arn=execution_arn(pipeline, "abcdefghijkl"),
            execution_id="abcdefghijkl",
            pipeline=pipeline,
            token="t" * 32,
            definition="{}",
            parameters={"Go": "yes"},
            body={"PipelineExecutionDisplayName": "first"},
            now=5.0,
        )
    )
    conditions = {
        "Pipeline": where("PipelineName", "Equals", "Demo"),
        "PipelineExecution": where("PipelineParameters.Value", "Equals", "yes"),
        "ModelPackage": where("ModelApprovalStatus", "Equals", "Approved"),
        "ModelPackageGroup": where("ModelPackageGroupName", "Contains", "grou"),
        "Model": where("Model.ModelName", "Equals", "served"),
        "HyperParameterTuningJob": where("HyperParameterTuningJobStatus", "Exists"),
        "FeatureGroup": where("FeatureGroupName", "Exists"),
    }
    counts = {}
    for resource, condition in conditions.items():
        asked: Any = {"Resource": resource, "SearchExpression": {"Filters": [condition]}}
        counts[resource] = len(sagemaker.search(**asked)["Results"])
    assert counts == {name: int(name not in ("HyperParameterTuningJob", "FeatureGroup")) for name in conditions}
    (execution,) = sagemaker.search(Resource="PipelineExecution")["Results"]
    assert execution["PipelineExecution"]["PipelineExecutionDisplayName"] == "first"
    assert execution["PipelineExecution"]["PipelineParameters"] == [{"Name": "Go", "Value": "yes"}]
