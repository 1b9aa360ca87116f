"""What is said before measures are believed, each where it is true and nowhere else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from inference.columns import Numeric
from inference.features import Features
from processing_scripts.metrics.bootstrap import Scores
from processing_scripts.metrics.cautions import cautions
from processing_scripts.metrics.comparison import compare
from processing_scripts.metrics.judged import Judged

COLUMN = Numeric("size", median=0.0, low=-9.0, high=9.0, mean=0.0, deviation=1.0)


def judged(rows: int, positives: float = 0.3, noise: float = 0.25, **more: Any) -> Judged:
    """Return a model of scores that are about right, and a baseline that is worse."""
    random = np.random.default_rng(2)
    chances = np.clip(positives + noise * random.normal(size=rows), 0.001, 0.999)
    truth = (random.random(rows) < chances).astype(np.float32)
    worse = np.full(rows, positives)
    models = {
        "candidate": Scores(chances, (chances >= 0.5).astype(np.int64)),
        "baseline": Scores(worse, (worse >= 0.5).astype(np.int64)),
    }
    features = Features("binary", "y", "auc", ("no", "yes"), (COLUMN,), frozenset(), "", 7)
    return Judged(features, [], truth, more.pop("models", models), **more)


def said(model: Judged, metric: str = "auc") -> str:
    return "\n".join(cautions(metric, model, compare(model.features.kind, model.truth, model.models, 7)))


def test_of_a_large_honest_balanced_test_there_is_nothing_to_say() -> None:
    assert said(judged(4_000)) == ""


def test_few_rows_are_said_with_what_they_leave_open_and_what_cross_validation_gives() -> None:
    told = {"folds": 5, "repeats": 3, "rows": 90, "metrics": {"auc": {"mean": 0.81, "standard_deviation": 0.07}}}
    found = said(judged(40, manifest={"cross_validation": told}))
    assert "There are only 40 test rows: auc may as well be anything from 0." in found
    assert "Cross-validation on the other 90 rows gives 0.81 ± 0.07 (5 folds, 3 times)." in found
    assert "Cross-validation" not in said(judged(40))


def test_few_rows_of_a_class_are_said() -> None:
    assert "test rows of the class yes: auc may as well be" in said(judged(900, positives=0.01, noise=0.01))


def test_a_test_without_a_mistake_is_no_proof() -> None:
    truth = np.repeat([0, 1], 150).astype(np.float32)
    perfect = Scores(0.1 + 0.8 * truth.astype(np.float64), truth.astype(np.int64))
    model = judged(300)
    found = said(Judged(model.features, [], truth, {"candidate": perfect, "baseline": model.models["baseline"]}))
    assert "Not one of 300 test rows is taken for another class. In all rows, up to 1.0% may be" in found


def test_test_rows_that_come_from_elsewhere_are_caught() -> None:
    model = judged(2_000)
    here = compare("binary", model.truth, model.models, 7).measured["candidate"]["auc"]
    near, far = ({"validation": {"auc": here + apart}} for apart in (0.02, 0.15))
    assert "further apart than chance explains" not in said(judged(2_000, manifest=near))
    found = said(judged(2_000, manifest=far))
    assert "further apart than chance explains: the test rows come from elsewhere" in found
    easier = said(judged(2_000, manifest={"validation": {"auc": here - 0.15}}))
    assert "the test rows are easier" in easier


def test_a_candidate_that_is_no_better_than_a_straight_line_is_said() -> None:
    model = judged(500)
    same = dict.fromkeys(("candidate", "baseline"), model.models["candidate"])
    assert "not clearly better than the baseline" in said(judged(500, models=same))


def test_rare_positives_and_a_threshold_that_none_reaches_are_said() -> None:
    found = said(judged(3_000, positives=0.02, noise=0.01))
    assert "of the test rows are yes: always answering the other class is right for 9" in found
    assert "No test row reaches the threshold 0.5: the model never answers yes." in found


def test_scores_that_are_no_shares_are_said() -> None:
    model = judged(2_000)
    shifted = Scores(np.clip(model.candidate.values + 0.15, 0, 1), model.candidate.predicted)
    assert "points off the shares that they name" in said(judged(2_000, models={**model.models, "candidate": shifted}))
    weighed = said(judged(2_000, manifest={"hyperparameters": {"class_balance": 1.0}}))
    assert "Classes were weighed in training" in weighed


def test_what_is_known_of_the_champion_comes_first() -> None:
    found = said(judged(40, note="The approved model was trained with other data."))
    assert found.startswith("The approved model was trained with other data.\nThere are only 40")


@pytest.mark.parametrize("rows", [60, 2_000])
def test_numbers_and_several_classes_are_spoken_of_too(rows: int) -> None:
    random = np.random.default_rng(1)
    truth = random.normal(size=rows).astype(np.float32)
    features = Features("regression", "y", "rmse", (), (COLUMN,), frozenset(), "", 7)
    models = {"candidate": Scores(truth + 0.1, None), "baseline": Scores(truth + random.normal(size=rows), None)}
    few = said(Judged(features, [], truth, models), "rmse")
    assert few.startswith("There are only 60 test rows: rmse may") if rows == 60 else few == ""
    several = Features("multiclass", "y", "accuracy", ("a", "b", "c"), (COLUMN,), frozenset(), "", 7)
    places = (truth > 0).astype(np.float32)
    shares = np.column_stack([0.8 - 0.6 * places, 0.2 + 0.6 * places, np.full(rows, 0.01)])
    shares[: rows // 5] = shares[: rows // 5, ::-1]
    found = said(
        Judged(several, [], places, {name: Scores(shares, np.argmax(shares, axis=1)) for name in models}), "accuracy"
    )
    assert "No test row is of these classes, about which nothing is known: c." in found
