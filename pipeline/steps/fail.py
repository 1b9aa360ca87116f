"""Fail: ends the execution with a sentence that says what was measured and what was asked for."""

from __future__ import annotations

from typing import Any

from sagemaker.core.workflow.functions import Join
from sagemaker.mlops.workflow.fail_step import FailStep

from config.metrics import LOWER_IS_BETTER
from pipeline import names
from pipeline.site import Site
from pipeline.steps.quality_gate import measured


def build(site: Site) -> Any:
    """Return the step."""
    metric = site.problem.metric
    bound = "at most" if metric in LOWER_IS_BETTER else "at least"
    message = Join(
        on="",
        values=[
            f"The quality gate stopped the model: {metric} is ",
            measured(),
            f", and must be {bound} ",
            site.parameters.metric_threshold,
            ".",
        ],
    )
    return FailStep(
        names.FAIL,
        error_message=message,
        display_name="Stop: not good enough",
        description="Ends the execution without registering the model.",
    )
