"""CreateModel: the candidate's archive as a model that endpoints and batch transform serve."""

from __future__ import annotations

from typing import Any

from sagemaker.mlops.workflow.steps import StepTypeEnum

from pipeline import candidate, names, placeholders
from pipeline.placeholders import mark
from pipeline.request_step import RequestStep
from pipeline.site import Site


def build(site: Site) -> Any:
    """Return the step.

    Of the archive and not of the model package, which the service serves only once somebody has approved it. With
    AutoML it comes before the quality gate: its models can be measured in their own container alone.
    """
    request = {
        "ExecutionRoleArn": mark(placeholders.ENDPOINT_ROLE_ARN),
        "PrimaryContainer": candidate.container(site),
        "EnableNetworkIsolation": True,
        "VpcConfig": {"SecurityGroupIds": site.security_groups, "Subnets": site.subnets},
        "Tags": site.tags,
    }
    which = "best" if site.automl else "registered"
    return RequestStep(
        names.CREATE_MODEL,
        StepTypeEnum.CREATE_MODEL,
        "DescribeModelOutput",
        request,
        display_name="Make a model to serve",
        description=f"Puts the {which} archive and the image that serves it together.",
        # Inside the deploy gate the gate has waited already.
        depends_on=[site.steps[names.REGISTER]] if site.problem.deploy.batch and not site.automl else None,
    )
