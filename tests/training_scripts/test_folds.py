from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn import metrics

from inference.columns import Numeric
from inference.features import Features
from training_scripts.channels import Job, Split
from training_scripts.defaults import settings
from training_scripts.folds import FOLDS, MOST_ROWS, REPEATS, Folds, cross_validate

COLUMNS = tuple(Numeric(name, median=0.0, low=-9.0, high=9.0, mean=0.0, deviation=1.0) for name in "ab")


def job(kind: str, rows: int, positives: float = 0.3) -> Job:
    random = np.random.default_rng(3)
    matrix = random.normal(size=(rows, 2)).astype(np.float32)
    values = matrix[:, 0] + 0.5 * random.normal(size=rows)
    over = values > np.quantile(values, 1 - positives)
    labels = (values if kind == "regression" else over).astype(np.float32)
    features = Features(kind, "y", "", () if kind == "regression" else ("no", "yes"), COLUMNS, frozenset(), "", 7)
    cut = rows * 8 // 9
    here = Path()
    return Job(here, here, features, Split(matrix[:cut], labels[:cut]), Split(matrix[cut:], labels[cut:]))


def folds(given: Job) -> Folds:
    found = cross_validate(given, settings(given.features.kind, 90, {}), 40)
    assert found is not None
    return found


def test_every_row_is_scored_once_in_each_repeat_and_each_fold_holds_its_share_of_each_class() -> None:
    found = folds(job("binary", 90))
    assert found.labels.size == found.scores.size == 90 * REPEATS
    sizes = [(int(np.sum(found.fold == fold)), int(found.labels[found.fold == fold].sum())) for fold in range(15)]
    assert {rows for rows, _ in sizes} == {90 // FOLDS}
    assert {positives for _, positives in sizes} <= {5, 6}, "27 positives in 5 folds"


def test_the_estimate_is_scikit_learns_of_the_folds() -> None:
    given = job("binary", 100)
    found = folds(given)
    told = found.to_json(given.features)
    areas = [
        metrics.roc_auc_score(found.labels[found.fold == fold], found.scores[found.fold == fold])
        for fold in range(FOLDS * REPEATS)
    ]
    assert (told["folds"], told["repeats"], told["rows"]) == (5, 3, 100)
    assert told["metrics"]["auc"] == {
        "mean": pytest.approx(np.mean(areas)),
        "standard_deviation": pytest.approx(np.std(areas, ddof=1)),
    }
    assert 0.75 < told["metrics"]["auc"]["mean"] < 0.99, "out of fold, not learned by heart"


def test_numbers_are_dealt_by_their_size() -> None:
    found = folds(job("regression", 100))
    means = [float(found.labels[found.fold == fold].mean()) for fold in range(5)]
    assert max(means) - min(means) < 0.15
    assert found.to_json(job("regression", 100).features)["metrics"].keys() == {"rmse", "mae", "r2"}


def test_the_same_seed_gives_the_same_scores() -> None:
    assert np.array_equal(folds(job("binary", 60)).scores, folds(job("binary", 60)).scores)


def test_a_table_that_is_not_small_is_not_cross_validated() -> None:
    given = job("binary", MOST_ROWS + 1)
    assert cross_validate(given, settings("binary", 300, {}), 40) is None
