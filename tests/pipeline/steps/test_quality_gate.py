from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.metrics import LOWER_IS_BETTER, METRICS
from tests.pipeline.conftest import Definition, flattened

MEASURED = {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.Evaluate.PropertyFiles.Gate"}, "Path": "value"}}
THRESHOLD = {"Get": "Parameters.MetricThreshold"}

CASES = [
    ("binary", "auc"),
    ("binary", "log_loss"),
    ("multiclass", "f1_macro"),
    *(("regression", m) for m in METRICS["regression"]),
]
LOWER = {"log_loss", "rmse", "mae"}


@pytest.mark.parametrize(("kind", "metric"), CASES)
def test_the_gate_and_the_message_know_which_way_is_better(
    kind: str, metric: str, built: Callable[..., Definition]
) -> None:
    steps = flattened(built(of={"kind": kind, "metric": metric, "threshold": 0.5}))
    lower = metric in LOWER
    assert steps["QualityGate"]["Arguments"]["Conditions"] == [
        {
            "Type": "LessThanOrEqualTo" if lower else "GreaterThanOrEqualTo",
            "LeftValue": MEASURED,
            "RightValue": THRESHOLD,
        }
    ]
    bound = "at most" if lower else "at least"
    assert bound in steps["QualityGate"]["Description"]
    assert steps["Fail"]["Arguments"]["ErrorMessage"]["Std:Join"] == {
        "On": "",
        "Values": [
            f"The quality gate stopped the model: {metric} is ",
            MEASURED,
            f", and must be {bound} ",
            THRESHOLD,
            ".",
        ],
    }


def test_every_metric_that_is_better_low_is_one_that_is_offered() -> None:
    assert LOWER_IS_BETTER == LOWER
    assert {metric for found in METRICS.values() for metric in found} > LOWER


def test_the_branches_hold_registering_and_failing(steps: dict[str, Any]) -> None:
    gate = steps["QualityGate"]["Arguments"]
    assert [step["Name"] for step in gate["IfSteps"]] == ["ChampionGate"]
    assert [step["Name"] for step in gate["ElseSteps"]] == ["Fail"]
