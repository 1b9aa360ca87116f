"""The lines that a training job prints, from which the service reads its metrics."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from inference.features import Features
from inference.job import JobError
from inference.predict import Model
from inference.scores import classes, score
from training_scripts.channels import Split


def say(line: str) -> None:
    """Print a line at once, so that whoever follows the log sees it as it happens."""
    print(line, flush=True)


def say_round(number: int, losses: Mapping[str, Mapping[str, float]]) -> None:
    """Print a round's metrics, by split and metric: `[12] train-auc:0.99812 validation-auc:0.98231`."""
    pairs = [f"{split}-{metric}:{value:.5f}" for split, found in losses.items() for metric, value in found.items()]
    say(f"[{number}] {' '.join(pairs)}")


def say_validation(features: Features, model: Model, validation: Split) -> dict[str, float]:
    """Print and return the finished model's metrics on the validation rows: `validation:auc=0.98231`."""
    scores = model.scores(validation.features).astype(np.float64)
    predicted = None if features.kind == "regression" else classes(features.kind, scores, features.threshold)
    found = score(features.kind, validation.labels, scores, predicted)
    if features.metric not in found:
        raise JobError(f"the metric {features.metric} cannot be computed on the validation rows; add more rows.")
    for name, value in found.items():
        say(f"validation:{name}={value:.6f}")
    return found
