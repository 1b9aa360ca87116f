"""FailChampion: ends the execution with a sentence that says how far behind the approved model the candidate is."""

from __future__ import annotations

from typing import Any

from sagemaker.core.workflow.functions import Join
from sagemaker.mlops.workflow.fail_step import FailStep

from pipeline import names
from pipeline.site import Site
from pipeline.steps.champion_gate import BEHIND
from pipeline.steps.find_champion import VERSION
from pipeline.steps.quality_gate import measured


def build(site: Site) -> Any:
    """Return the step. What it names of the approved model is there whenever it runs."""
    message = Join(
        on="",
        values=[
            f"The champion gate stopped the model: {site.problem.metric} is ",
            measured(),
            ", worse by ",
            measured(BEHIND),
            " than the approved version ",
            site.steps[names.FIND_CHAMPION].output(VERSION),
            " with ",
            measured("champion"),
            " on the same test rows, and may be worse by at most ",
            site.parameters.champion_tolerance,
            ".",
        ],
    )
    return FailStep(
        names.FAIL_CHAMPION,
        error_message=message,
        display_name="Stop: worse than the approved model",
        description="Ends the execution without registering the model.",
    )
