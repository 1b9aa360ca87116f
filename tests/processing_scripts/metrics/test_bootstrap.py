"""Every draw measured as scikit-learn measures rows that weigh as often as they were drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn import metrics

from processing_scripts.metrics import bootstrap
from processing_scripts.metrics.bootstrap import Scores, better_by, draws, interval, measure, weightings

random = np.random.default_rng(11)


def binary(rows: int = 240, noise: float = 0.35) -> tuple[Any, Scores]:
    truth = (random.random(rows) < 0.3).astype(np.float32)
    values = np.round(np.clip(0.3 + 0.3 * truth + noise * random.normal(size=rows), 0.01, 0.99), 2)
    return truth, Scores(values.astype(np.float64), (values >= 0.4).astype(np.int64))


def test_two_classes_are_measured_as_scikit_learn_measures_weighted_rows() -> None:
    truth, scores = binary()
    weights = next(weightings("binary", truth, 7))[:25]
    found = measure("binary", truth, scores)(weights)
    for place, weight in enumerate(weights):
        expected = {
            "accuracy": metrics.accuracy_score(truth, scores.predicted, sample_weight=weight),
            "precision": metrics.precision_score(truth, scores.predicted, sample_weight=weight),
            "recall": metrics.recall_score(truth, scores.predicted, sample_weight=weight),
            "f1": metrics.f1_score(truth, scores.predicted, sample_weight=weight),
            "auc": metrics.roc_auc_score(truth, scores.values, sample_weight=weight),
            "log_loss": metrics.log_loss(truth, scores.values, sample_weight=weight),
        }
        assert {name: values[place] for name, values in found.items()} == pytest.approx(expected)


def test_several_classes_and_numbers_are_too() -> None:
    truth = random.integers(0, 4, 200).astype(np.float32)
    shares = random.dirichlet(np.ones(4), 200)
    weights = next(weightings("multiclass", truth, 7))[:10]
    several = measure("multiclass", truth, Scores(shares, np.argmax(shares, axis=1)))(weights)
    values = random.normal(size=200).astype(np.float32)
    guessed = values + random.normal(size=200)
    numbers = measure("regression", values, Scores(guessed.astype(np.float64), None))(weights)
    for place, weight in enumerate(weights):
        named = np.argmax(shares, axis=1)
        assert several["f1_macro"][place] == pytest.approx(
            metrics.f1_score(truth, named, sample_weight=weight, average="macro")
        )
        assert several["log_loss"][place] == pytest.approx(metrics.log_loss(truth, shares, sample_weight=weight))
        assert numbers["r2"][place] == pytest.approx(metrics.r2_score(values, guessed, sample_weight=weight))
        assert numbers["rmse"][place] == pytest.approx(
            metrics.root_mean_squared_error(values, guessed, sample_weight=weight)
        )
        assert numbers["mae"][place] == pytest.approx(
            metrics.mean_absolute_error(values, guessed, sample_weight=weight)
        )


def test_each_draw_holds_as_many_rows_of_a_class_as_there_are() -> None:
    truth, _ = binary()
    weights = np.concatenate(list(weightings("binary", truth, 1)))
    assert len(weights) == bootstrap.MOST_DRAWS
    assert set(weights[:, truth == 1].sum(axis=1)) == {truth.sum()}
    assert set(weights.sum(axis=1)) == {truth.size}
    assert weights.max() > 2


def test_an_interval_holds_the_spread_of_a_share_as_theory_has_it() -> None:
    truth = np.zeros(2_000, dtype=np.float32)
    truth[:600] = 1
    predicted = np.zeros(2_000, dtype=np.int64)
    predicted[:450] = 1  # a recall of 0.75 on 600 rows
    found = draws("binary", truth, {"candidate": Scores(predicted * 0.9, predicted)}, 3)["candidate"]
    sure = interval(found["recall"])
    deviation = (0.75 * 0.25 / 600) ** 0.5
    assert sure.deviation == pytest.approx(deviation, rel=0.1)
    assert (sure.low, sure.high) == pytest.approx((0.75 - 1.96 * deviation, 0.75 + 1.96 * deviation), abs=0.005)


def test_models_are_told_apart_on_the_same_draws() -> None:
    truth, scores = binary(rows=500)
    worse = Scores(np.clip(scores.values + 0.08 * random.normal(size=500), 0, 1), scores.predicted)
    found = draws("binary", truth, {"candidate": scores, "champion": worse}, 5)
    paired = interval(better_by("auc", found["candidate"]["auc"], found["champion"]["auc"]))
    assert paired.deviation < 0.5 * interval(found["candidate"]["auc"]).deviation
    assert interval(better_by("log_loss", np.array([0.2, 0.3]), np.array([0.5, 0.5]))).low > 0


def test_the_same_seed_gives_the_same_draws_in_chunks_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    truth, _ = binary()
    whole = np.concatenate(list(weightings("binary", truth, 9)))
    monkeypatch.setattr(bootstrap, "_CHUNK_CELLS", 7 * truth.size)
    assert np.array_equal(whole, np.concatenate(list(weightings("binary", truth, 9))))
    assert not np.array_equal(whole, np.concatenate(list(weightings("binary", truth, 8))))


def test_one_class_alone_has_no_area() -> None:
    truth = np.ones(30, dtype=np.float32)
    found = draws("binary", truth, {"candidate": Scores(np.full(30, 0.7), np.ones(30, dtype=np.int64))}, 1)
    assert "auc" not in found["candidate"]
    assert found["candidate"]["recall"].min() == 1
