"""What the steps that score rows in batch share: one instance, encryption, outputs below the execution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sagemaker.mlops.workflow.steps import StepTypeEnum

from pipeline import names
from pipeline.request_step import RequestStep
from pipeline.site import Site

#: How much the service sends in one request: a whole object, or lines of it.
WHOLE_MEGABYTES = 50
LINES_MEGABYTES = 6
SECONDS = 3600


def transform_step(
    site: Site,
    name: str,
    source: Any,
    *,
    by_line: bool,
    display_name: str,
    description: str,
    depends_on: Sequence[Any] | None = None,
) -> RequestStep:
    """Return a step that scores the objects of CSV at `source`, each sent whole or in parts of whole lines."""
    request = {
        "ModelName": site.steps[names.CREATE_MODEL].properties.ModelName,
        "MaxConcurrentTransforms": 1,
        "MaxPayloadInMB": LINES_MEGABYTES if by_line else WHOLE_MEGABYTES,
        "ModelClientConfig": {"InvocationsTimeoutInSeconds": SECONDS, "InvocationsMaxRetries": 1},
        "TransformInput": {
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": source}},
            "ContentType": "text/csv",
            "SplitType": "Line" if by_line else "None",
        },
        "TransformOutput": {
            "S3OutputPath": site.destination(name),
            "Accept": "text/csv",
            "AssembleWith": "Line" if by_line else "None",
            "KmsKeyId": site.key,
        },
        "TransformResources": {
            "InstanceType": site.environment.instances.inference,
            "InstanceCount": 1,
            **site.volume_key("VolumeKmsKeyId"),
        },
        "Tags": site.tags,
        **({"BatchStrategy": "MultiRecord"} if by_line else {}),
    }
    return RequestStep(
        name,
        StepTypeEnum.TRANSFORM,
        "DescribeTransformJobResponse",
        request,
        display_name=display_name,
        description=description,
        depends_on=depends_on,
        cache=site.cache,
    )
