"""Train: gradient-boosted trees, stopped early on the validation rows."""

from __future__ import annotations

from typing import Any

from pipeline import metrics, names
from pipeline.deciding import deciding
from pipeline.site import Site
from pipeline.training import Script, training_step


def build(site: Site) -> Any:
    """Return the step."""
    return training_step(
        site,
        names.TRAIN,
        script(site),
        instance_count=site.parameters.training_instance_count,
        spot=site.problem.training.spot,
        continued=True,
        display_name="Train the candidate",
        description="Trains XGBoost on the training rows and stops when the validation rows no longer gain.",
    )


def script(site: Site) -> Script:
    """Return the program that trains the candidate, with the problem's hyperparameters."""
    problem = site.problem
    lines = {
        **metrics.round_metric_lines(problem.kind, problem.metric),
        **metrics.final_metric_lines(problem.kind, problem.metric),
    }
    return Script("train_xgboost.py", lines, {**problem.training.hyperparameters, **deciding(problem)})
