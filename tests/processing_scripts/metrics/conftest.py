"""Small trained models with their test rows, made by the real programs' own functions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from processing_scripts.metrics.judged import Judged, score_all
from processing_scripts.prepare import main as prepare
from tests.support.jobs import pack, prepare_arguments, training_environment, write_csv
from training_scripts.train_baseline import main as train_baseline
from training_scripts.train_xgboost import main as train_xgboost

ROWS = 1_600
METRICS = {"binary": "auc", "multiclass": "accuracy", "regression": "rmse"}


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Judged]:
    """Return what tests a model of a kind: `size` tells most, `colour` something, `noise` nothing, `sex` is a group."""
    made: dict[str, Judged] = {}

    def of(kind: str) -> Judged:
        if kind not in made:
            made[kind] = _judged(tmp_path_factory.mktemp(kind), kind)
        return made[kind]

    return of


def _judged(root: Path, kind: str) -> Judged:
    write_csv(root / "in" / "data.csv", ["size", "colour", "noise", "sex", "y"], _rows(kind))
    with pytest.MonkeyPatch.context() as patch:
        # Compiling for a second processor takes as long as the training.
        patch.setattr("training_scripts.compiling.SERVED", ())
        patch.setenv("SM_OUTPUT_DIR", str(root / "output"))
        prepare(prepare_arguments(root / "in", root / "out", "y", METRICS[kind]))
        for model, train in (("candidate", train_xgboost), ("baseline", train_baseline)):
            for key, value in training_environment(root / "out", root / model).items():
                patch.setenv(key, value)
            train(["--num_round", "60"] if model == "candidate" else [])
            pack(root / model, root / "out" / model / "model.tar.gz")
    return score_all(root / "out", root / "unpacked", METRICS[kind], answered=False)


def _rows(kind: str) -> list[list[Any]]:
    random = np.random.default_rng(5)
    size, noise = random.normal(size=(2, ROWS)).round(3)
    colour = random.choice(["red", "green", "blue"], ROWS)
    sex = random.choice(["f", "m", "x"], ROWS, p=[0.45, 0.45, 0.1])
    value = 2 * size + (colour == "red") + 0.5 * (sex == "f") + 0.4 * random.normal(size=ROWS)
    target: Any = value.round(4)
    if kind == "binary":
        target = np.where(value > 0.5, "yes", "no")
    if kind == "multiclass":
        target = np.select([value < -0.5, value < 1], ["low", "middle"], "high")
    return [list(row) for row in zip(size, colour, noise, sex, target, strict=True)]
