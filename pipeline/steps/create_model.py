"""CreateModel: the registered archive as a model that endpoints and batch transform serve."""

from __future__ import annotations

from typing import Any

from sagemaker.mlops.workflow.steps import StepTypeEnum

from pipeline import names, placeholders
from pipeline.placeholders import mark
from pipeline.request_step import RequestStep
from pipeline.site import Site
from pipeline.steps.register import SERVING_ENVIRONMENT


def build(site: Site) -> Any:
    """Return the step.

    Of the archive and not of the model package, which the service serves only once somebody has approved it.
    """
    request = {
        "ExecutionRoleArn": mark(placeholders.ENDPOINT_ROLE_ARN),
        "PrimaryContainer": {
            "Image": site.image,
            "ModelDataUrl": site.candidate_archive(),
            "Environment": SERVING_ENVIRONMENT,
        },
        "EnableNetworkIsolation": True,
        "VpcConfig": {"SecurityGroupIds": site.security_groups, "Subnets": site.subnets},
        "Tags": site.tags,
    }
    return RequestStep(
        names.CREATE_MODEL,
        StepTypeEnum.CREATE_MODEL,
        "DescribeModelOutput",
        request,
        display_name="Make a model to serve",
        description="Puts the registered archive and the image that serves it together.",
        # Inside the deploy gate the gate has waited already.
        depends_on=[site.steps[names.REGISTER]] if site.problem.deploy.batch else None,
    )
