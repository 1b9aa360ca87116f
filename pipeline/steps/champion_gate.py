"""ChampionGate: the candidate against the approved model on the same test rows, and the two ways on from there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sagemaker.core.workflow.conditions import ConditionLessThanOrEqualTo
from sagemaker.mlops.workflow.condition_step import ConditionStep

from pipeline import names
from pipeline.site import Site
from pipeline.steps.quality_gate import measured

#: By how much the candidate is worse than the approved model; negative where it is better, 0 where there is none.
BEHIND = "behind_champion"


def build(site: Site, passed: Sequence[Any], stopped: Sequence[Any]) -> Any:
    """Return the step, with the steps that run when the model is as good as the approved one and when it is not."""
    metric = site.problem.metric
    return ConditionStep(
        names.CHAMPION_GATE,
        conditions=[ConditionLessThanOrEqualTo(left=measured(BEHIND), right=site.parameters.champion_tolerance)],
        if_steps=list(passed),
        else_steps=list(stopped),
        display_name="As good as the approved model?",
        description=f"Goes on to the registry unless {metric} on the same test rows is worse than the approved "
        "model's by more than ChampionTolerance.",
    )
