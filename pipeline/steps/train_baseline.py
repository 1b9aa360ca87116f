"""TrainBaseline: a linear model, which the candidate must be worth more than."""

from __future__ import annotations

from typing import Any

from pipeline import metrics, names
from pipeline.deciding import deciding
from pipeline.site import Site
from pipeline.training import Script, training_step

WEIGHING = ("class_balance", "scale_pos_weight")


def build(site: Site) -> Any:
    """Return the step."""
    problem = site.problem
    lines = metrics.final_metric_lines(problem.kind, problem.metric)
    # Rows count for the baseline as they do for the candidate, or the two would not be measured alike.
    weighing = {name: value for name, value in problem.training.hyperparameters.items() if name in WEIGHING}
    script = Script("train_baseline.py", lines, {**weighing, **deciding(problem)})
    return training_step(
        site,
        names.TRAIN_BASELINE,
        script,
        instance_count=1,
        display_name="Train the baseline",
        description="Trains a linear or logistic model on the same features, to compare the candidate with.",
    )
