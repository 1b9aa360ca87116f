"""FindChampion: which model the candidate would take over from, asked where calls can be made."""

from __future__ import annotations

from typing import Any

from pipeline import names, placeholders
from pipeline.function_step import FunctionStep
from pipeline.placeholders import mark_address
from pipeline.site import Site

MODEL_DATA = "ModelDataUri"
BASELINE = "BaselineUri"
VERSION = "ModelPackageVersion"
OUTPUTS = (MODEL_DATA, "ModelPackageArn", VERSION, "MetricsUri", BASELINE)


def build(site: Site) -> Any:
    """Return the step. It has no cache: whom somebody has approved in the meantime is what it is asked for."""
    return FunctionStep(
        names.FIND_CHAMPION,
        placeholders.FIND_CHAMPION_FUNCTION_ARN,
        # A job's input must exist. The code bundle always does, and is no model archive.
        {"ModelPackageGroupName": site.pipeline_name, "StandIn": mark_address(placeholders.CODE_URI)},
        OUTPUTS,
        display_name="Find the champion",
        description="Looks up the newest approved model, to be measured on the same rows as the candidate.",
    )
