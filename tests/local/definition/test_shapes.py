from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from local.definition.models import adopt, named_shape, request_shape, response_shape, service_model
from local.definition.shapes import Checker, check
from tests.local.definition.builders import get, join, training

ARGUMENTS: dict[str, Any] = {"TrainingJobName": "job-1", **training()["Arguments"]}
TRAINING = request_shape("CreateTrainingJob")


def changed(path: str, value: Any) -> dict[str, Any]:
    """The request with one member replaced; copies what it changes."""
    names = path.split(".")
    top = dict(ARGUMENTS)
    inner = top
    for name in names[:-1]:
        inner[name] = dict(inner.get(name, {}))
        inner = inner[name]
    inner[names[-1]] = value
    return top


def test_finds_nothing_wrong_with_a_request_that_fits() -> None:
    assert check(ARGUMENTS, TRAINING) == []


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("RoleArn", None, "RoleArn: RoleArn is missing. Add RoleArn."),
        ("RolArn", "x", "RolArn: RolArn is not a member of CreateTrainingJobRequest. Did you mean 'RoleArn'?"),
        ("RoleArn", 7, "RoleArn: RoleArn must be text, and is 7. Write it as text."),
        ("RoleArn", "me", "RoleArn: RoleArn has 2 characters, and must have at least 20. Give at least 20."),
        ("RoleArn", "r" * 30, f"RoleArn: RoleArn is '{'r' * 30}', which is not how RoleArn is written."),
        ("TrainingJobName", "a" * 64, "TrainingJobName has 64 characters, and must have at most 63."),
        ("ResourceConfig.InstanceCount", -1, "InstanceCount is -1, and must be at least 0. Use 0 or more."),
        ("ResourceConfig.InstanceCount", "1", "InstanceCount must be a whole number, and is '1'."),
        ("ResourceConfig.InstanceCount", 1.0, "InstanceCount must be a whole number, and is 1.0."),
        ("ResourceConfig.InstanceCount", True, "InstanceCount must be a whole number, and is True."),
        ("ResourceConfig.InstanceCount", 2**31, "must be a number that the service can hold"),
        ("ResourceConfig.InstanceType", "ml.m5.xlage", "cannot be 'ml.m5.xlage'. Did you mean 'ml.m5.xlarge'?"),
        ("ResourceConfig", [], "ResourceConfig: ResourceConfig must be an object, and is []."),
        ("EnableNetworkIsolation", "true", "EnableNetworkIsolation must be true or false, and is 'true'."),
        ("HyperParameters", {"eta": 0.3}, "HyperParameters.eta: eta must be text, and is 0.3."),
        (
            "HyperParameters",
            {str(i): "" for i in range(101)},
            "HyperParameters has 101 entries, and must have at most 100.",
        ),
        ("HyperParameters", {"k" * 257: ""}, "has 257 characters, and must have at most 256."),
        ("InputDataConfig", {}, "InputDataConfig must be a list"),
        ("InputDataConfig", [None], "InputDataConfig[0]: InputDataConfig[0] must be an object, and is null."),
        ("InputDataConfig", [{"ChannelName": "a"}], "InputDataConfig[0].DataSource: DataSource is missing."),
    ],
)
def test_finds_what_the_service_would_refuse(path: str, value: Any, sentence: str) -> None:
    findings = check(changed(path, value), TRAINING)

    assert len(findings) == 1
    assert sentence in str(findings[0])


def test_finds_everything_at_once_in_document_order_under_the_given_path() -> None:
    request = {**ARGUMENTS, "RoleArn": 1, "StoppingCondition": {"MaxRuntimeInSeconds": 0}}
    findings = check(request, TRAINING, "Steps[2].Arguments")

    assert [finding.path for finding in findings] == [
        "Steps[2].Arguments.RoleArn",
        "Steps[2].Arguments.StoppingCondition.MaxRuntimeInSeconds",
    ]


def test_lists_no_more_than_a_person_reads() -> None:
    assert len(check({"HyperParameters": dict.fromkeys(map(str, range(5000)), 1)}, TRAINING)) == 200


def test_a_union_has_exactly_one_member() -> None:
    shape = named_shape("CollectionConfig")

    assert check({"VectorConfig": {"Dimension": 8}}, shape) == []
    assert "must have exactly one member, and has 0." in str(check({}, shape)[0])


@pytest.mark.parametrize(
    "value", [get("Parameters.X"), join("s3://b", get("Execution.PipelineExecutionId")), {"Std:JsonGet": {"Path": "a"}}]
)
def test_accepts_expressions_for_values_of_any_type(value: Any) -> None:
    for path in ("RoleArn", "ResourceConfig.InstanceCount", "ResourceConfig"):
        assert [each for each in check(changed(path, value), TRAINING) if path != "RoleArn"] == []


def test_holds_the_literal_parts_of_a_join_against_limits_and_patterns() -> None:
    too_long = join("s3://bucket", "k" * 1100, get("Parameters.X"))
    wrong = join("bucket", get("Parameters.X"))
    fine = join("s3://bucket", get("Parameters.X"), "output")

    assert "must have at most 1024" in str(check(changed("OutputDataConfig.S3OutputPath", too_long), TRAINING)[0])
    assert "'bucket/…', which is not how S3Uri" in str(
        check(changed("OutputDataConfig.S3OutputPath", wrong), TRAINING)[0]
    )
    assert check(changed("OutputDataConfig.S3OutputPath", fine), TRAINING) == []


def test_takes_placeholders_for_what_they_will_hold() -> None:
    assert check(changed("RoleArn", "${TrainingRoleArn}"), TRAINING) == []
    assert check(changed("OutputDataConfig.S3OutputPath", "s3://${ArtifactBucket}/models"), TRAINING) == []


def test_collects_expressions_with_the_shapes_they_stand_for() -> None:
    checker = Checker(expressions=True)
    checker.run(changed("ResourceConfig.InstanceCount", get("Parameters.N")), TRAINING, ("Steps", 0))

    assert [(site.where, site.shape.name) for site in checker.sites] == [
        (("Steps", 0, "ResourceConfig", "InstanceCount"), "TrainingInstanceCount")
    ]


@pytest.mark.parametrize(
    ("operation", "request_", "subject", "constraint"),
    [
        (
            "DescribePipeline",
            {"PipelineName": ""},
            "Value '' at 'pipelineName'",
            "Member must have length greater than or equal to 1",
        ),
        (
            "DeletePipeline",
            {"ClientRequestToken": "t" * 32},
            "Value null at 'pipelineName'",
            "Member must not be null",
        ),
        (
            "AddTags",
            {
                "ResourceArn": "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/p",
                "Tags": [{"Key": "k", "Value": "#"}],
            },
            "Value '#' at 'tags.1.member.value'",
            "Member must satisfy regular expression pattern: ",
        ),
        (
            "ListPipelines",
            {"SortOrder": "Up"},
            "Value 'Up' at 'sortOrder'",
            "Member must satisfy enum value set: [Ascending, Descending]",
        ),
        (
            "ListPipelines",
            {"MaxResults": 101},
            "Value '101' at 'maxResults'",
            "Member must have value less than or equal to 100",
        ),
    ],
)
def test_answers_as_the_service_does(operation: str, request_: dict[str, Any], subject: str, constraint: str) -> None:
    findings = check(request_, request_shape(operation), style="service")

    assert len(findings) == 1
    assert findings[0].message.startswith(f"{subject} failed to satisfy constraint: {constraint}")


def test_the_services_style_takes_no_expressions_and_no_placeholders() -> None:
    shape = request_shape("DescribePipeline")

    assert check({"PipelineName": get("Parameters.X")}, shape, style="service") != []
    assert check({"PipelineName": "${Name}"}, shape, style="service") != []


def test_holds_responses_too() -> None:
    shape = response_shape("DescribePipeline")
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

    assert check({"PipelineName": "p", "CreationTime": now, "LastModifiedTime": 1.7e9}, shape, style="service") == []
    assert check({"CreationTime": True}, shape, style="service") != []
    assert check({"PipelineStatus": "Fine"}, shape, style="service") != []


def test_a_model_that_a_client_loaded_is_taken_over() -> None:
    model = service_model()
    adopt(model)

    assert service_model() is model
