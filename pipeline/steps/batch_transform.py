"""BatchTransform: rows at an address, scored by the registered model."""

from __future__ import annotations

from typing import Any

from sagemaker.mlops.workflow.steps import StepTypeEnum

from pipeline import names
from pipeline.request_step import RequestStep
from pipeline.site import Site

#: How much the service sends in one request; each object travels whole.
MEGABYTES = 50
SECONDS = 3600


def build(site: Site) -> Any:
    """Return the step. Objects are not split by line: their first line names the columns, and would be one of many."""
    request = {
        "ModelName": site.steps[names.CREATE_MODEL].properties.ModelName,
        "MaxConcurrentTransforms": 1,
        "MaxPayloadInMB": MEGABYTES,
        "ModelClientConfig": {"InvocationsTimeoutInSeconds": SECONDS, "InvocationsMaxRetries": 1},
        "TransformInput": {
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": site.parameters.batch_input_uri}},
            "ContentType": "text/csv",
            "SplitType": "None",
        },
        "TransformOutput": {
            "S3OutputPath": site.destination(names.BATCH_TRANSFORM),
            "Accept": "text/csv",
            "AssembleWith": "None",
            "KmsKeyId": site.key,
        },
        "TransformResources": {
            "InstanceType": site.environment.instances.inference,
            "InstanceCount": 1,
            **site.volume_key("VolumeKmsKeyId"),
        },
        "Tags": site.tags,
    }
    return RequestStep(
        names.BATCH_TRANSFORM,
        StepTypeEnum.TRANSFORM,
        "DescribeTransformJobOutput",
        request,
        display_name="Score rows in batch",
        description="Scores the rows at BatchInputUri with the registered model.",
        cache=site.cache,
    )
