from __future__ import annotations

from pathlib import Path

import pytest

from config import load_problem
from config.errors import ConfigurationError
from config.hyperparameters import HYPERPARAMETERS
from config.tuning import USUAL

HEAD = """\
goal: Tell one thing from another.
data: table.csv
target: outcome
kind: binary
metric: {metric}
threshold: 0.9
training: {{hyperparameters: {{eta: 0.1}}}}
tuning:
"""


def write(folder: Path, tuning: str, metric: str = "auc") -> Path:
    path = folder / "words.yaml"
    lines = "".join(f"  {line}\n" for line in tuning.splitlines())
    path.write_text(HEAD.format(metric=metric) + lines, encoding="utf-8")
    return path


def mistakes(folder: Path, tuning: str, metric: str = "auc") -> list[str]:
    with pytest.raises(ConfigurationError) as raised:
        load_problem(write(folder, tuning, metric))
    return [f"{each.path}: {each.message} {each.fix}" for each in raised.value.mistakes]


def test_a_budget_is_enough(tmp_path: Path) -> None:
    tuning = load_problem(write(tmp_path, "max_jobs: 20")).tuning
    assert tuning is not None
    assert (tuning.max_jobs, tuning.max_parallel_jobs, tuning.strategy) == (20, 2, "Bayesian")
    assert tuning.early_stopping


def test_what_is_usually_searched_is_what_training_takes() -> None:
    for ranges in USUAL.values():
        for name, each in ranges.items():
            assert HYPERPARAMETERS[name].allows(each.min or 0), name
            assert HYPERPARAMETERS[name].allows(each.max or 0), name


CASES = [
    ("max_parallel_jobs: 2", "tuning.max_jobs: it is missing. Add `max_jobs:`."),
    ("max_jobs: 2\nranges: {dept: {min: 1, max: 2}}", "tuning.ranges.dept: there is no such hyperparameter."),
    (
        "max_jobs: 2\nranges: {eta: {min: 0.1, max: 0.2}}",
        "tuning.ranges.eta: it is fixed in `training.hyperparameters` as well. Remove one of the two.",
    ),
    (
        "max_jobs: 2\nranges: {max_depth: {min: 2, max: 20}}",
        "tuning.ranges.max_depth: `20` is not possible. Write a whole number from 1 to 16.",
    ),
    (
        "max_jobs: 2\nranges: {max_depth: {min: 3, max: 2}}",
        "tuning.ranges.max_depth: `min` (3) is above `max` (2). Exchange them.",
    ),
    (
        "max_jobs: 2\nranges: {gamma: {min: 0, max: 2, scaling: Logarithmic}}",
        "tuning.ranges.gamma: 0 has no logarithm. Raise `min` above 0, or write `scaling: Linear`.",
    ),
    (
        "max_jobs: 2\nranges: {max_depth: {min: 1, values: [2]}}",
        "tuning.ranges.max_depth: it has both bounds and values. Write `min` and `max`, or `values`.",
    ),
    (
        "max_jobs: 2\nranges: {max_depth: {min: 1}}",
        "tuning.ranges.max_depth: it has no two bounds and no values. Write `min` and `max`, or `values`.",
    ),
    (
        "max_jobs: 2\nstrategy: Grid",
        (
            "tuning.ranges: a Grid tries every combination of values, and has bounds in place of some. Write `values` "
            "for each hyperparameter that is searched."
        ),
    ),
    (
        "max_jobs: 3\nstrategy: Grid\nranges: {max_depth: {values: [2, 3]}}",
        (
            "tuning.max_jobs: the Grid has 2 combinations, and the service takes exactly as many trainings. Write "
            "`max_jobs: 2`."
        ),
    ),
]


@pytest.mark.parametrize(("tuning", "sentence"), CASES)
def test_a_mistake_is_named_with_its_place_and_its_fix(tmp_path: Path, tuning: str, sentence: str) -> None:
    (found,) = mistakes(tmp_path, tuning)
    assert found.startswith(sentence)


def test_hyperband_needs_a_metric_of_every_round(tmp_path: Path) -> None:
    (found,) = mistakes(tmp_path, "max_jobs: 3\nstrategy: Hyperband", metric="f1")
    assert found == (
        "tuning.strategy: Hyperband compares trainings after each round, and `f1` is known at their end alone. Write "
        "another strategy, or measure by `auc`, `log_loss`, `mae` or `rmse`."
    )
