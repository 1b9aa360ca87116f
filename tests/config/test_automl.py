from __future__ import annotations

from pathlib import Path

import pytest

from config import load_problem
from config.automl import OBJECTIVES
from config.errors import ConfigurationError
from config.metrics import METRICS
from tests.pipeline.inputs import problem

PROBLEM = """\
goal: Tell one thing from another.
data: table.csv
target: outcome
kind: {kind}
metric: {metric}
threshold: 0.9
{more}
"""


def write(folder: Path, more: str, kind: str = "binary", metric: str = "auc") -> Path:
    path = folder / "words.yaml"
    path.write_text(PROBLEM.format(kind=kind, metric=metric, more=more), encoding="utf-8")
    return path


def mistakes(path: Path) -> list[str]:
    with pytest.raises(ConfigurationError) as raised:
        load_problem(path)
    return [f"{each.path}: {each.message} {each.fix}" for each in raised.value.mistakes]


def test_the_choice_alone_is_enough_and_a_budget_may_be_given(tmp_path: Path) -> None:
    assert load_problem(write(tmp_path, "")).model == "xgboost"
    assert load_problem(write(tmp_path, "model: auto\nautoml:")).model == "auto"
    given = load_problem(write(tmp_path, "model: auto\nautoml: {max_candidates: 3, max_runtime_minutes: 5}")).automl
    assert given is not None
    assert (given.max_candidates, given.max_runtime_minutes) == (3, 5)


@pytest.mark.parametrize(("kind", "metric"), [("auto", "rmse"), ("auto", "f1_macro"), ("multiclass", "accuracy")])
def test_the_kind_may_be_told_by_the_metric(tmp_path: Path, kind: str, metric: str) -> None:
    assert load_problem(write(tmp_path, "model: auto", kind, metric)).model == "auto"


def test_every_metric_but_one_has_an_objective() -> None:
    known = {metric for metrics in METRICS.values() for metric in metrics}
    assert known - OBJECTIVES.keys() == {"log_loss"}
    assert OBJECTIVES.keys() <= known


def test_what_does_not_go_with_automl_is_listed_at_once(tmp_path: Path) -> None:
    more = "model: auto\ntuning: {max_jobs: 3}\ntraining: {spot: true, continue_from: x/1, hyperparameters: {eta: 0.1}}"
    assert mistakes(write(tmp_path, more)) == [
        (
            "tuning: `model: auto` searches models and their hyperparameters by itself. Remove `tuning` and give a "
            "budget under `automl`, or remove `model: auto`."
        ),
        (
            "training.hyperparameters: they are XGBoost's, and `model: auto` chooses among several kinds of models. "
            "Remove them, or remove `model: auto`."
        ),
        "training.continue_from: AutoML trains its candidates from nothing. Remove it, or remove `model: auto`.",
        (
            "training.spot: AutoML chooses its instances by itself, and not spot ones. Remove `spot`, or remove "
            "`model: auto`."
        ),
    ]


@pytest.mark.parametrize(
    ("more", "kind", "metric", "sentence"),
    [
        ("automl: {max_candidates: 3}", "binary", "auc", "automl: there is no AutoML without `model: auto`."),
        ("model: atuo", "binary", "auc", "model: `atuo` is none of the choices. Did you mean `auto`?"),
        ("model: auto\nautoml: {max_candidates: 751}", "binary", "auc", "automl.max_candidates: 751 is out of range."),
        ("model: auto\nautoml: {most: 1}", "binary", "auc", "automl.most: there is no such setting."),
        (
            "model: auto",
            "multiclass",
            "log_loss",
            "metric: AutoML cannot search by `log_loss`. Write `accuracy` or `f1_macro`.",
        ),
        (
            "model: auto",
            "auto",
            "accuracy",
            (
                "kind: AutoML must be told what the target is, and `accuracy` does not tell. Write `binary` or "
                "`multiclass`."
            ),
        ),
        (f"model: auto\ndrop: {[f'c{at}' for at in range(40)]}", "binary", "auc", "drop: 40 columns to drop"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_its_fix(
    tmp_path: Path, more: str, kind: str, metric: str, sentence: str
) -> None:
    (found,) = mistakes(write(tmp_path, more, kind, metric))
    assert found.startswith(sentence)


def test_problems_that_are_not_read_from_files_are_held_to_the_same() -> None:
    with pytest.raises(ValueError, match="searches models and their hyperparameters by itself"):
        problem(model="auto", tuning={"max_jobs": 3})
    with pytest.raises(ValueError, match="they are XGBoost's"):
        problem(model="auto", training={"hyperparameters": {"eta": 0.1}})
