"""SmokeTest: the deployed endpoint, asked for sample rows whose predictions are known."""

from __future__ import annotations

from typing import Any

from sagemaker.core.workflow.functions import Join

from pipeline import candidate, names, placeholders
from pipeline.function_step import FunctionStep
from pipeline.site import Site


def build(site: Site) -> Any:
    """Return the step.

    The samples travel inside our archives: what is asked for is what training predicted. AutoML's archives have none,
    and Evaluate leaves some test rows with what the candidate's container answered.
    """
    if site.automl:
        folder = site.output(names.EVALUATE, names.EVALUATION)
        samples = {"SamplesUri": Join(on="/", values=[folder, "samples.json"])}
        described = "Sends sample rows to the endpoint and compares with what the candidate predicted for Evaluate."
    else:
        samples = {"ModelDataUrl": candidate.archive(site)}
        described = "Sends the archive's sample rows to the endpoint and compares with what training predicted."
    return FunctionStep(
        names.SMOKE_TEST,
        placeholders.SMOKE_TEST_FUNCTION_ARN,
        {
            "EndpointName": site.steps[names.ENDPOINT].properties.EndpointName,
            **samples,
        },
        ("Rows",),
        display_name="Try the endpoint",
        description=described,
    )
