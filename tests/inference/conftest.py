from __future__ import annotations

import random
from pathlib import Path

import pytest

from inference.archive import Archive, open_archive
from processing_scripts.prepare import main as prepare
from tests.support.jobs import prepare_arguments, training_environment, write_csv
from tests.support.shared import once
from training_scripts.train_baseline import main as train_baseline
from training_scripts.train_xgboost import main as train_xgboost

METRICS = {"binary": "auc", "multiclass": "accuracy", "regression": "rmse"}
TRAINERS = {"linear": (train_baseline, []), "xgboost": (train_xgboost, ["--num_round", "15"])}


@pytest.fixture(scope="session")
def model_folders(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """Trained model folders by kind of problem and of model, on a table of mixed columns with gaps."""
    shared = once(tmp_path_factory, "models", _train)
    return {(kind, model): shared / kind / model for kind in METRICS for model in TRAINERS}


def _train(shared: Path) -> None:
    for kind, metric in METRICS.items():
        root = shared / kind
        write_csv(root / "in" / "data.csv", ["size", "colour", "age", "y"], _rows(kind))
        with pytest.MonkeyPatch.context() as patch:
            # Compiling for a second processor takes as long as the training.
            patch.setattr("training_scripts.compiling.SERVED", ())
            patch.setenv("SM_OUTPUT_DIR", str(root / "output"))
            prepare(prepare_arguments(root / "in", root / "out", "y", metric, "--kind", kind))
            for model, (train, arguments) in TRAINERS.items():
                for name, value in training_environment(root / "out", root / model).items():
                    patch.setenv(name, value)
                train(arguments)


@pytest.fixture(scope="session")
def archives(model_folders: dict[tuple[str, str], Path]) -> dict[tuple[str, str], Archive]:
    return {key: open_archive(folder) for key, folder in model_folders.items()}


def _rows(kind: str) -> list[list[object]]:
    draw = random.Random(11)  # noqa: S311  # test data
    rows: list[list[object]] = []
    for _ in range(240):
        size, colour, age = draw.uniform(0, 10), draw.choice(["red", "green", "blue"]), draw.choice(["", 20, 30, 40])
        value = size + 3 * (colour == "red") + draw.gauss(0, 0.5)
        labels = {"binary": ["no", "yes"][value > 6], "multiclass": f"class {int(value // 5)}", "regression": value}
        rows.append([round(size, 3), colour, age, labels[kind]])
    return rows
