from __future__ import annotations

import numpy as np
import pytest

from inference.job import JobError
from processing_scripts.metrics.bootstrap import Interval, Scores
from processing_scripts.metrics.comparison import Comparison, compare, gate

SURE = Interval(0.8, 0.95, 0.03)


def compared(metric: str, **values: float) -> Comparison:
    return Comparison(
        {name: {metric: value} for name, value in values.items()}, {name: {metric: SURE} for name in values}, {}, 1_000
    )


def test_a_difference_that_is_the_tolerance_is_within_it() -> None:
    found = gate("auc", compared("auc", candidate=0.91, baseline=0.8, champion=0.92), "")
    assert found["behind_champion"] == 0.01, "0.92 - 0.91 is 0.010000000000000009"
    assert (found["champion"], found["low"], found["high"]) == (0.92, 0.8, 0.95)


@pytest.mark.parametrize(
    ("metric", "candidate", "champion", "behind"),
    [("rmse", 2.5, 2.0, 0.5), ("rmse", 2.0, 2.5, -0.5), ("r2", 0.5, 0.75, 0.25), ("log_loss", 0.5, 0.25, 0.25)],
)
def test_behind_is_worse_whichever_way_the_metric_runs(
    metric: str, candidate: float, champion: float, behind: float
) -> None:
    found = gate(metric, compared(metric, candidate=candidate, baseline=1.0, champion=champion), "")
    assert found["behind_champion"] == behind


def test_without_an_approved_model_nobody_is_behind() -> None:
    found = gate("auc", compared("auc", candidate=0.9, baseline=0.8), "It was made for another table.")
    assert found["behind_champion"] == 0
    assert "champion" not in found
    assert found["champion_note"] == "It was made for another table."


def test_a_metric_that_is_not_defined_is_said() -> None:
    one_class = Comparison({"candidate": {}, "baseline": {}}, {}, {}, 0)
    with pytest.raises(JobError, match="the metric auc cannot be computed on the test rows"):
        gate("auc", one_class, "")


def test_all_models_are_measured_with_their_differences() -> None:
    random = np.random.default_rng(1)
    truth = random.normal(size=300).astype(np.float32)
    models = {
        name: Scores(truth + random.normal(size=300) * noise, None)
        for name, noise in (("candidate", 1.0), ("baseline", 3.0), ("champion", 1.05))
    }
    found = compare("regression", truth, models, 7)
    assert found.draws == 1_000
    assert found.better_by.keys() == {"baseline", "champion"}
    assert found.better_by["baseline"]["rmse"].low > 0, "the candidate is surely better"
    assert found.better_by["champion"]["rmse"].low < 0.1
    for name, measured in found.measured.items():
        for metric, value in measured.items():
            sure = found.intervals[name][metric]
            assert sure.low < value < sure.high
