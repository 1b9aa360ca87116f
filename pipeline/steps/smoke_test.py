"""SmokeTest: the deployed endpoint, asked with the archive's own sample rows."""

from __future__ import annotations

from typing import Any

from pipeline import names, placeholders
from pipeline.function_step import FunctionStep
from pipeline.site import Site


def build(site: Site) -> Any:
    """Return the step. The samples travel inside the archive: what is asked for is what training predicted."""
    return FunctionStep(
        names.SMOKE_TEST,
        placeholders.SMOKE_TEST_FUNCTION_ARN,
        {
            "EndpointName": site.steps[names.ENDPOINT].properties.EndpointName,
            "ModelDataUrl": site.candidate_archive(),
        },
        ("Rows",),
        display_name="Try the endpoint",
        description="Sends the archive's sample rows to the endpoint and compares with what training predicted.",
    )
