"""Following an execution through boto3."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

from tests.support.patience import looks

# The stubs' SageMakerClient asks for the request tokens that boto3 makes by itself.
Boto3: TypeAlias = Any

ROLE = "arn:aws:iam::000000000000:role/pipeline"


def ended(sagemaker: Boto3, arn: str, seconds: float = 30.0) -> dict[str, Any]:
    """Wait for the end of an execution and return its description."""
    for _ in looks(seconds):
        described: Any = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
        if described["PipelineExecutionStatus"] not in ("Executing", "Stopping"):
            return dict(described)
    pytest.fail(f"{arn} did not end within {seconds} s")


def steps(sagemaker: Boto3, arn: str, **params: Any) -> list[dict[str, Any]]:
    pages = sagemaker.get_paginator("list_pipeline_execution_steps").paginate(PipelineExecutionArn=arn, **params)
    return [dict(each) for page in pages for each in page["PipelineExecutionSteps"]]
