"""Endpoint: the problem's candidate endpoint, created with the first deployment and updated with the next."""

from __future__ import annotations

from typing import Any

from sagemaker.mlops.workflow.steps import StepTypeEnum

from pipeline import names
from pipeline.request_step import RequestStep
from pipeline.site import Site


def build(site: Site) -> Any:
    """Return the step."""
    request = {
        "EndpointName": site.pipeline_name,
        "EndpointConfigName": site.steps[names.ENDPOINT_CONFIG].properties.EndpointConfigName,
        "Tags": site.tags,
    }
    return RequestStep(
        names.ENDPOINT,
        StepTypeEnum.ENDPOINT,
        "DescribeEndpointOutput",
        request,
        display_name="Deploy the endpoint",
        description="Serves the model under the problem's name; what it served before stays until this is healthy.",
    )
