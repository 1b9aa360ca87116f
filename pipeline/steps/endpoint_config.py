"""EndpointConfig: the model on an instance of the environment's choice."""

from __future__ import annotations

from typing import Any

from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.functions import Join
from sagemaker.mlops.workflow.steps import StepTypeEnum

from pipeline import names
from pipeline.request_step import RequestStep
from pipeline.site import Site

VARIANT = "AllTraffic"


def build(site: Site) -> Any:
    """Return the step. Configurations cannot be changed, so each execution makes one of its own name."""
    request = {
        "EndpointConfigName": Join(on="-", values=[site.pipeline_name, ExecutionVariables.PIPELINE_EXECUTION_ID]),
        "ProductionVariants": [
            {
                "VariantName": VARIANT,
                "ModelName": _served(site).properties.ModelName,
                "InstanceType": site.environment.instances.inference,
                "InitialInstanceCount": 1,
                "InitialVariantWeight": 1,
            }
        ],
        **site.volume_key("KmsKeyId"),
        "Tags": site.tags,
    }
    return RequestStep(
        names.ENDPOINT_CONFIG,
        StepTypeEnum.ENDPOINT_CONFIG,
        "DescribeEndpointConfigOutput",
        request,
        display_name="Configure the endpoint",
        description="Says on which instances the model is served.",
    )


def _served(site: Site) -> Any:
    """Return the step that made the model to serve: with Neo's own image, where the problem asks for that."""
    return site.steps.get(names.CREATE_NEO_MODEL) or site.steps[names.CREATE_MODEL]
