from __future__ import annotations

import pytest

from inference.job import JobError
from training_scripts.arguments import parse
from training_scripts.defaults import HYPERPARAMETERS, objective, settings


def test_hyperparameters_come_as_numbers() -> None:
    given = parse(["--eta", "0.3", "--max_depth=4", "--seed", "11", "--_tuning_objective_metric", "x"], HYPERPARAMETERS)
    assert given == {"eta": 0.3, "max_depth": 4, "seed": 11}
    assert isinstance(given["max_depth"], int)


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["--depth", "3"], "there is no hyperparameter 'depth'; choose from alpha, class_balance, "),
        (["--eta", "0"], "the hyperparameter eta is '0', and must be a number above 0 and at most 1."),
        (["--eta", "fast"], "the hyperparameter eta is 'fast'"),
        (["--eta", "nan"], "the hyperparameter eta is 'nan'"),
        (["--max_depth", "2.5"], "the hyperparameter max_depth is '2.5', and must be a whole number at least 1"),
        (["--max_depth"], "the hyperparameter max_depth has no value"),
        (["max_depth", "3"], "'max_depth' is not a hyperparameter"),
    ],
)
def test_a_hyperparameter_that_is_not_fit_is_refused(argv: list[str], sentence: str) -> None:
    with pytest.raises(JobError) as refused:
        parse(argv, HYPERPARAMETERS)
    assert sentence in str(refused.value)


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize("rows", [1, 1_999, 2_000, 4_999, 5_000, 10**9])
def test_every_default_is_a_fit_value(kind: str, rows: int) -> None:
    chosen = settings(kind, rows, {})
    for name, value in chosen.items():
        assert HYPERPARAMETERS[name].read(name, str(value)) == value
    assert {"eta", "max_depth", "num_round", "early_stopping_rounds", "seed"} <= chosen.keys()


def test_what_is_given_goes_before_the_defaults() -> None:
    assert settings("binary", 100, {"eta": 0.9})["eta"] == 0.9


def test_only_several_classes_are_counted() -> None:
    assert objective("multiclass", 5)["num_class"] == 5
    assert "num_class" not in objective("binary", 2)
