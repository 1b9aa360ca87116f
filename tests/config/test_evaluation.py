from __future__ import annotations

from typing import Any

import pytest

from config.cross_checks import cross_mistakes
from config.evaluation import MOST_SLICES, Costs, Evaluation

COSTS = {"false_positive": 1.0, "false_negative": 5.0}


@pytest.mark.parametrize(
    ("given", "path", "sentence"),
    [
        ({"kind": "regression", "costs": COSTS}, "costs", "only a binary problem has a score to decide by."),
        ({"kind": "multiclass", "evaluation": {"decision": "f1"}}, "evaluation.decision", "only a binary problem"),
        ({"kind": "binary", "model": "auto", "costs": COSTS}, "costs", "a model of AutoML's decides by itself."),
        (
            {"kind": "binary", "costs": COSTS, "evaluation": {"decision": "f1"}},
            "evaluation.decision",
            "with `costs`, the least cost decides.",
        ),
        (
            {"kind": "regression", "training": {"hyperparameters": {"class_balance": 1}}},
            "training.hyperparameters.class_balance",
            "a number has no classes to weigh.",
        ),
        ({"target": "y", "evaluation": {"slices": ["a", "y"]}}, "evaluation.slices[1]", "`y` is the target itself."),
        ({"evaluation": {"slices": ["a", "a"]}}, "evaluation.slices", "`a` is listed 2 times."),
        (
            {"evaluation": {"slices": [f"c{number}" for number in range(MOST_SLICES + 1)]}},
            "evaluation.slices",
            "11 columns are listed.",
        ),
    ],
)
def test_settings_that_do_not_fit_together_are_named(given: dict[str, Any], path: str, sentence: str) -> None:
    (found,) = cross_mistakes(given)
    assert found.path == path
    assert found.message.startswith(sentence)


def test_what_fits_together_is_no_mistake() -> None:
    given = {"kind": "auto", "target": "y", "costs": COSTS, "evaluation": {"slices": ["a", "b"]}}
    assert cross_mistakes(given) == []
    assert cross_mistakes({"kind": "binary", "evaluation": Evaluation(decision="half", slices=("a",))}) == []


def test_errors_that_cost_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="no error costs anything"):
        Costs(false_positive=0, false_negative=0)
