"""QualityGate: the problem's metric against the threshold, and the two ways on from there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sagemaker.core.workflow.conditions import ConditionGreaterThanOrEqualTo, ConditionLessThanOrEqualTo
from sagemaker.core.workflow.functions import JsonGet
from sagemaker.mlops.workflow.condition_step import ConditionStep

from config.metrics import LOWER_IS_BETTER
from pipeline import names
from pipeline.site import Site
from pipeline.steps.evaluate import GATE


def measured(field: str = "value") -> JsonGet:
    """Return a value of what Evaluate found."""
    return JsonGet(step_name=names.EVALUATE, property_file=GATE, json_path=field)


def build(site: Site, passed: Sequence[Any], stopped: Sequence[Any]) -> Any:
    """Return the step, with the steps that run when the model is good enough and when it is not."""
    metric = site.problem.metric
    lower = metric in LOWER_IS_BETTER
    compare = ConditionLessThanOrEqualTo if lower else ConditionGreaterThanOrEqualTo
    bound = "at most" if lower else "at least"
    return ConditionStep(
        names.QUALITY_GATE,
        conditions=[compare(left=measured(), right=site.parameters.metric_threshold)],
        if_steps=list(passed),
        else_steps=list(stopped),
        display_name="Is the model good enough?",
        description=f"Goes on when {metric} on the test rows is {bound} MetricThreshold.",
    )
