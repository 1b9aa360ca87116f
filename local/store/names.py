"""Fixed names of the laptop's account: what stands where an AWS account, a region and deployed resources would."""

from __future__ import annotations

PARTITION = "aws"
REGION = "us-east-1"
ACCOUNT = "000000000000"

ARTIFACT_BUCKET = "sageline-laptop-artifacts"
DATA_BUCKET = "sageline-laptop-data"
LAPTOP_ROLE = "sageline-laptop"


def arn(resource: str, service: str = "sagemaker") -> str:
    """Return the ARN of `resource` (for example `training-job/train-1`) in the laptop's account."""
    return f"arn:{PARTITION}:{service}:{REGION}:{ACCOUNT}:{resource}"


def role_arn(name: str) -> str:
    """Return the ARN of the IAM role `name`; roles have no effect on the laptop."""
    return f"arn:{PARTITION}:iam::{ACCOUNT}:role/{name}"


def pipeline_arn(name: str) -> str:
    """Return a pipeline's ARN; the service writes the name in lower case."""
    return arn(f"pipeline/{name.lower()}")


def execution_arn(pipeline: str, execution_id: str) -> str:
    """Return the ARN of one execution of a pipeline."""
    return f"{pipeline_arn(pipeline)}/execution/{execution_id}"
