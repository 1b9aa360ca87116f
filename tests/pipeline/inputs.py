"""Problems and environments of the tests' own, each a valid one with the given changes."""

from __future__ import annotations

from typing import Any

from config.environment import Environment
from config.problem import Problem

PROBLEM: dict[str, Any] = {
    "name": "two_words",
    "goal": "Tell one thing from another.",
    "data": "s3://somewhere/table.csv",
    "target": "outcome",
    "kind": "binary",
    "metric": "auc",
    "threshold": 0.9,
}
ENVIRONMENT: dict[str, Any] = {
    "name": "trial",
    "account": "111122223333",
    "region": "eu-west-1",
    "network": {"zones": 3},
    "instances": {
        "processing": "ml.m5.large",
        "training": ["ml.m5.xlarge", "ml.c5.2xlarge"],
        "inference": "ml.m5.large",
    },
    "volume_gib": 20,
    "cache_days": 14,
    "max_runtime_minutes": 90,
}


def problem(**changes: Any) -> Problem:
    """Return a valid problem with some fields changed."""
    return Problem.model_validate({**PROBLEM, **changes})


def environment(**changes: Any) -> Environment:
    """Return a valid environment with some fields changed."""
    return Environment.model_validate({**ENVIRONMENT, **changes})


#: A value for every placeholder, of the form that AWS gives it.
VALUES = {
    "ArtifactBucket": "sageline-artifacts-111122223333",
    "DataBucket": "sageline-data-111122223333",
    "ArtifactKeyArn": "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000",
    "ProcessingRoleArn": "arn:aws:iam::111122223333:role/sageline-processing",
    "TrainingRoleArn": "arn:aws:iam::111122223333:role/sageline-training",
    "AutoMLRoleArn": "arn:aws:iam::111122223333:role/sageline-automl",
    "PrivateSubnet1": "subnet-0123456789abcdef0",
    "PrivateSubnet2": "subnet-0123456789abcdef1",
    "PrivateSubnet3": "subnet-0123456789abcdef2",
    "JobSecurityGroup": "sg-0123456789abcdef0",
    "CodeUri": f"s3://cdk-hnb659fds-assets-111122223333-eu-west-1/{'c0de' * 16}.gz",
    "CodeFile": f"{'c0de' * 16}.gz",
    "EndpointRoleArn": "arn:aws:iam::111122223333:role/sageline-endpoint",
    "SmokeTestFunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:sageline-smoke-test",
    "CompileQueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/sageline-compile",
    "FindChampionFunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:sageline-find-champion",
}
