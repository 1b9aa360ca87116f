from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from training_scripts.deciding import Decision, Wish, decide, split_wish

random = np.random.default_rng(4)
LABELS = (random.random(600) < 0.25).astype(np.float32)
SCORES = np.clip(0.25 + 0.3 * LABELS + 0.2 * random.normal(size=600), 0, 1).astype(np.float32)


def figure(rule: str, threshold: float, costs: tuple[float, float] = (1, 1)) -> float:
    called = np.float32(threshold) <= SCORES
    if rule == "cost":
        wrong = costs[0] * np.sum(called & (LABELS == 0)) + costs[1] * np.sum(~called & (LABELS == 1))
        return -float(wrong)
    measure = {
        "f1": metrics.f1_score,
        "accuracy": metrics.accuracy_score,
        "balanced_accuracy": metrics.balanced_accuracy_score,
    }
    return float(measure[rule](LABELS, called))


@pytest.mark.parametrize("rule", ["f1", "accuracy", "balanced_accuracy"])
def test_no_threshold_does_better_on_these_rows(rule: str) -> None:
    found = decide("auc", LABELS, SCORES, Wish(rule))
    best = max(figure(rule, float(each)) for each in [*np.unique(SCORES), 1.0])
    assert figure(rule, found.threshold) == pytest.approx(best)
    assert (found.rule, found.rows) == (rule, 600)
    assert found.threshold == float(np.float32(found.threshold)), "exact in 32 bits"


@pytest.mark.parametrize("costs", [(1.0, 10.0), (10.0, 1.0), (0.0, 1.0), (5.0, 0.0)])
def test_the_least_cost_decides_where_errors_cost_something(costs: tuple[float, float]) -> None:
    found = decide("accuracy", LABELS, SCORES, Wish(costs=costs))
    best = max(figure("cost", float(each), costs) for each in [0.0, *np.unique(SCORES), 1.0])
    assert figure("cost", found.threshold, costs) == best
    assert found.to_json()["costs"] == {"false_positive": costs[0], "false_negative": costs[1]}


def test_dear_misses_lower_the_threshold() -> None:
    thresholds = [decide("auc", LABELS, SCORES, Wish(costs=(1.0, cost))).threshold for cost in (0.2, 1.0, 5.0, 25.0)]
    assert thresholds == sorted(thresholds, reverse=True)
    assert len(set(thresholds)) == 4


@pytest.mark.parametrize(
    ("metric", "positives", "rule"),
    [
        ("auc", 0.3, "half"),
        ("log_loss", 0.3, "half"),
        ("auc", 0.05, "f1"),
        ("accuracy", 0.3, "accuracy"),
        ("recall", 0.3, "f1"),
        ("precision", 0.3, "f1"),
    ],
)
def test_the_metric_decides_how(metric: str, positives: float, rule: str) -> None:
    labels = np.arange(1_000) < 1_000 * positives
    scores = np.linspace(0.9, 0.05, 1_000).astype(np.float32)
    assert decide(metric, labels, scores, Wish()).rule == rule


def test_with_few_rows_of_a_class_theory_decides() -> None:
    labels, scores = np.arange(100) < 12, np.linspace(0.9, 0.1, 100).astype(np.float32)
    assert decide("f1", labels, scores, Wish()) == Decision(0.5, "f1", 0)
    found = decide("auc", labels, scores, Wish(costs=(1.0, 3.0)))
    assert (found.threshold, found.rule, found.rows) == (0.25, "cost", 0)
    thrice = decide("f1", np.tile(labels, 3), np.tile(scores, 3), Wish(), repeats=3)
    assert thrice.rows == 0, "12 rows are 12 however often they stand there"


def test_scores_that_are_neighbours_in_32_bits_are_told_apart_or_left_together() -> None:
    high = np.float32(0.7)
    low = np.nextafter(high, np.float32(0))
    labels = np.repeat([1, 0], 30)
    scores = np.repeat([high, low], 30).astype(np.float32)
    found = decide("f1", labels, scores, Wish())
    assert set(scores[scores >= np.float32(found.threshold)]) <= {high, low}
    assert metrics.f1_score(labels, scores >= np.float32(found.threshold)) == 1


def test_scores_of_one_and_of_zero_keep_a_threshold_that_can_be_used() -> None:
    labels = np.repeat([1, 0], 40)
    found = decide("f1", labels, labels.astype(np.float32), Wish())
    assert found.threshold == 0.5


def test_the_wish_is_told_from_the_hyperparameters() -> None:
    rest, wish = split_wish({"eta": 0.1, "decision": 2, "cost_false_negative": 4.0})
    assert rest == {"eta": 0.1}
    assert wish == Wish("accuracy", (0.0, 4.0))
    assert split_wish({}) == ({}, Wish())
