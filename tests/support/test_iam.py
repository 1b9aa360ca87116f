"""The evaluator against the rules of the IAM User Guide."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.iam import ALLOWED, DENIED, NOT_ALLOWED, Call, decision

ARN = "arn:aws:sagemaker:eu-central-1:111122223333:training-job/pipelines-1"


def allow(**more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "sagemaker:CreateTrainingJob", "Resource": "*"} | more


def asked(*statements: Any, **context: Any) -> str:
    keys = {name.replace("_", ":"): value for name, value in context.items()}
    return decision(statements, Call("sagemaker:CreateTrainingJob", ARN, keys))


def test_nothing_is_allowed_that_no_statement_allows_and_a_deny_wins() -> None:
    assert asked() == NOT_ALLOWED
    assert asked(allow()) == ALLOWED
    assert asked(allow(), allow(Effect="Deny")) == DENIED
    assert asked(allow(), allow(Effect="Deny", Resource="arn:aws:s3:::*")) == ALLOWED


@pytest.mark.parametrize(
    ("element", "fits"),
    [
        ({"Action": ["s3:GetObject", "SageMaker:createtrainingjob"]}, True),
        ({"Action": "sagemaker:Create*Job"}, True),
        ({"Action": "sagemaker:Create?Job"}, False),
        ({"Resource": "arn:aws:sagemaker:*:*:training-job/pipelines-*"}, True),
        ({"Resource": "arn:aws:sagemaker:*:*:training-job/Pipelines-*"}, False),
        ({"Resource": ["arn:aws:sagemaker:*:*:model/*"]}, False),
    ],
)
def test_actions_are_compared_without_their_case_and_resources_with_it(element: dict[str, Any], fits: bool) -> None:
    assert (asked(allow(**element)) == ALLOWED) == fits


@pytest.mark.parametrize(
    ("condition", "context", "fits"),
    [
        ({"StringEquals": {"a:b": ["one", "two"]}}, {"a_b": "two"}, True),
        ({"StringEquals": {"A:B": "one"}}, {"a_b": "one"}, True),
        ({"StringEquals": {"a:b": "one"}}, {}, False),
        ({"StringEqualsIfExists": {"a:b": "one"}}, {}, True),
        ({"StringNotEquals": {"a:b": ["one", "two"]}}, {"a_b": "two"}, False),
        ({"StringNotEquals": {"a:b": "one"}}, {}, True),
        ({"StringLike": {"a:b": "/aws/*"}}, {"a_b": "/aws/sagemaker"}, True),
        ({"ArnLike": {"a:b": "arn:aws:s3:::*"}}, {"a_b": "arn:aws:s3:::one"}, True),
        ({"ArnLike": {"a:b": "arn:*:one"}}, {"a_b": "arn:aws:s3:::one"}, False),
        ({"Bool": {"a:b": "true"}}, {"a_b": "True"}, True),
        ({"Bool": {"a:b": "true"}}, {"a_b": "false"}, False),
        ({"Null": {"a:b": "true"}}, {}, True),
        ({"Null": {"a:b": "false"}}, {}, False),
        ({"ForAllValues:StringEquals": {"a:b": ["one", "two"]}}, {"a_b": ["two", "one"]}, True),
        ({"ForAllValues:StringEquals": {"a:b": ["one"]}}, {"a_b": ["one", "three"]}, False),
        ({"ForAllValues:StringEquals": {"a:b": ["one"]}}, {}, True),
        ({"ForAnyValue:StringEquals": {"a:b": ["one"]}}, {"a_b": ["three", "one"]}, True),
        ({"ForAnyValue:StringEquals": {"a:b": ["one"]}}, {}, False),
        ({"StringEquals": {"a:b": "one"}, "Bool": {"c:d": "true"}}, {"a_b": "one", "c_d": "false"}, False),
    ],
)
def test_conditions_hold_as_the_guide_says(condition: dict[str, Any], context: dict[str, Any], fits: bool) -> None:
    assert (asked(allow(Condition=condition), **context) == ALLOWED) == fits


@pytest.mark.parametrize(
    "statement",
    [
        allow(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
        allow(Resource="arn:aws:s3:::${aws:username}"),
        allow(Principal="*"),
    ],
)
def test_what_the_evaluator_does_not_know_is_no_answer(statement: dict[str, Any]) -> None:
    with pytest.raises(NotImplementedError):
        asked(statement)
