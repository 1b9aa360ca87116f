"""DeployGate: whether the registered model is also deployed, as whoever starts the pipeline says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sagemaker.core.workflow.conditions import ConditionEquals
from sagemaker.mlops.workflow.condition_step import ConditionStep

from pipeline import names
from pipeline.site import Site


def build(site: Site, steps: Sequence[Any]) -> Any:
    """Return the step, with the steps that deploy. It waits for Register: nothing is served that is not registered."""
    return ConditionStep(
        names.DEPLOY_GATE,
        conditions=[ConditionEquals(left=site.parameters.deploy_endpoint, right=True)],
        if_steps=list(steps),
        else_steps=[],
        depends_on=[site.steps[names.REGISTER]],
        display_name="Deploy it as well?",
        description="Goes on to the endpoint when DeployEndpoint says so.",
    )
