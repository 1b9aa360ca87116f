"""AutoML: the best of several kinds of models, searched by SageMaker Autopilot on the raw training rows."""

from __future__ import annotations

from typing import Any

from sagemaker.mlops.workflow.steps import StepTypeEnum

from config.automl import OBJECTIVES, AutoML
from config.metrics import kinds
from pipeline import names, placeholders
from pipeline.placeholders import mark
from pipeline.request_step import RequestStep
from pipeline.site import Site

PARQUET = "x-application/vnd.amazon+parquet"
_PROBLEM_TYPES = {
    "binary": "BinaryClassification",
    "multiclass": "MulticlassClassification",
    "regression": "Regression",
}


def build(site: Site) -> Any:
    """Return the step. The SDK's own, ``AutoMLStep``, asks for a method that its session no longer has."""
    problem = site.problem
    (kind,) = kinds(problem.kind, problem.metric)  # A problem that leaves several open is refused when it is read.
    request = {
        "InputDataConfig": [_channel(site, channel) for channel in ("training", "validation")],
        "OutputDataConfig": {"S3OutputPath": site.destination(names.AUTO_ML), "KmsKeyId": site.key},
        "ProblemType": _PROBLEM_TYPES[kind],
        "AutoMLJobObjective": {"MetricName": OBJECTIVES[problem.metric]},
        "AutoMLJobConfig": {
            "Mode": "ENSEMBLING",
            "CompletionCriteria": _budget(site),
            "SecurityConfig": {
                "EnableInterContainerTrafficEncryption": True,
                "VolumeKmsKeyId": site.key,
                "VpcConfig": {"SecurityGroupIds": site.security_groups, "Subnets": site.subnets},
            },
        },
        "RoleArn": mark(placeholders.AUTOML_ROLE_ARN),
        "Tags": site.tags,
    }
    return RequestStep(
        names.AUTO_ML,
        StepTypeEnum.AUTOML,
        "DescribeAutoMLJobResponse",
        request,
        display_name="Search for a model",
        description="Tries several kinds of models on the raw training rows and keeps the best on the validation rows.",
        cache=site.cache,
    )


def _channel(site: Site, channel: str) -> dict[str, Any]:
    output = {"training": "raw_train", "validation": "raw_validation"}[channel]
    return {
        "ChannelType": channel,
        "ContentType": PARQUET,
        "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": site.prepared(output)}},
        "TargetAttributeName": site.problem.target,
    }


def _budget(site: Site) -> dict[str, Any]:
    most = site.environment.max_runtime_minutes
    given = (site.problem.automl or AutoML()).max_runtime_minutes
    seconds = 60 * min(given or most, most)
    return {
        "MaxCandidates": site.parameters.max_candidates,
        "MaxAutoMLJobRuntimeInSeconds": seconds,
        "MaxRuntimePerTrainingJobInSeconds": min(site.training_seconds, seconds),
    }
