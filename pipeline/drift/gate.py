"""DriftGate: too many drifted columns end the execution as failed, which alarms and rules listen to."""

from __future__ import annotations

from typing import Any

from sagemaker.core.workflow.conditions import ConditionLessThanOrEqualTo
from sagemaker.core.workflow.functions import Join
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep

from pipeline import names
from pipeline.drift.measure import measured
from pipeline.drift.parameters import DriftParameters
from pipeline.site import Site


def build(_: Site, given: DriftParameters) -> Any:
    """Return the step, with the one that fails in it."""
    drifted = FailStep(
        names.DRIFTED,
        error_message=Join(on="", values=["Drift: ", measured("summary")]),
        display_name="The rows have drifted",
        description="Ends the execution with a sentence that names the columns.",
    )
    return ConditionStep(
        names.DRIFT_GATE,
        conditions=[ConditionLessThanOrEqualTo(left=measured("drifted_columns"), right=given.drifted_columns)],
        if_steps=[],
        else_steps=[drifted],
        display_name="Are the rows still the same?",
        description="Fails the execution when more than MostDriftedColumns columns have drifted.",
    )
