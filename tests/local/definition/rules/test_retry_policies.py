from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import definition, found, processing

RULE = "retry-policies"
SOUND_POLICY = {"ExceptionType": ["Step.THROTTLING"], "MaxAttempts": 5, "BackoffRate": 2.0, "IntervalSeconds": 1}


def retried(**members: Any) -> Any:
    policy = {name: value for name, value in {**SOUND_POLICY, **members}.items() if value is not None}
    return definition(processing(RetryPolicies=[policy]))


CASES = [
    (definition(processing(RetryPolicies=["x"])), "", "A retry policy must be an object, and is 'x'."),
    (retried(ExceptionType=None), ".ExceptionType", "has a retry policy without a list of ExceptionType."),
    (retried(ExceptionType=[]), ".ExceptionType", "Name some of Step.SERVICE_FAULT"),
    (
        retried(ExceptionType=["Step.THROTTLED"]),
        ".ExceptionType[0]",
        "'Step.THROTTLED' is not an exception that a step can be retried on. Did you mean 'Step.THROTTLING'?",
    ),
    (retried(ExpireAfterMin=5), "", "A retry policy has either MaxAttempts or ExpireAfterMin."),
    (retried(IntervalSeconds=43_201), ".IntervalSeconds", "IntervalSeconds must be a number from 0 to 43200"),
    (retried(MaxAttempts=21), ".MaxAttempts", "MaxAttempts must be a number from 0 to 20, and is 21."),
    (retried(MaxAttempts=None, ExpireAfterMin=14_401), ".ExpireAfterMin", "must be a number from 0 to 14400"),
    (retried(BackoffRate=-1), ".BackoffRate", "BackoffRate must be a number of at least 0, and is -1."),
    (retried(IntervalSeconds="1"), ".IntervalSeconds", "IntervalSeconds must be a number from 0 to 43200, and is '1'."),
    (retried(BackoffRate=float("nan")), ".BackoffRate", "and is nan."),
    (retried(MaxAttempts=True), ".MaxAttempts", "and is True."),
]
SOUND = [
    retried(),
    retried(MaxAttempts=None),
    retried(MaxAttempts=None, ExpireAfterMin=180, ExceptionType=["SageMaker.CAPACITY_ERROR"]),
]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    ((where, message, fix),) = found(RULE, raw)

    assert where == f"Steps[0].RetryPolicies[0]{path} (step Prepare)"
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []
