"""What to know before the measures are believed: a sentence each, and none where there is nothing to say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from inference.scores import LOWER_IS_BETTER
from processing_scripts.metrics.comparison import BASELINE, CANDIDATE, Comparison
from processing_scripts.metrics.curves import calibration
from processing_scripts.metrics.judged import Judged

FEW_ROWS = 100
FEW_OF_A_CLASS = 20
RARE = 0.1
MISCALIBRATED = 0.05
_FAR = 3.0
"""Standard deviations between validation and test: one run in 370 has more by chance."""
_ENOUGH_TO_CALIBRATE = 500
_SURE_OF_NONE = 3.0
"""Where none of n rows is wrong, up to 3 / n may be, with 95 % confidence (the rule of three)."""


def cautions(metric: str, judged: Judged, compared: Comparison) -> list[str]:
    """Return the sentences, the weightiest first."""
    found = [
        *_few(metric, judged, compared),
        *_no_mistakes(judged),
        *_otherwise_than_validated(metric, judged, compared),
        *_no_better(metric, compared),
        *_rare(judged),
        *_probabilities(judged),
        *_unseen_classes(judged),
    ]
    return [judged.note, *found] if judged.note else found


def _few(metric: str, judged: Judged, compared: Comparison) -> Iterator[str]:
    rows = judged.truth.size
    counts = [int(np.sum(judged.truth == place)) for place in range(len(judged.features.labels))]
    fewest = min(counts, default=rows)
    label = judged.features.labels[int(np.argmin(counts))] if counts else ""
    if rows >= FEW_ROWS and (judged.features.kind != "binary" or fewest >= FEW_OF_A_CLASS):
        return
    what = f"{rows:,} test rows" if rows < FEW_ROWS else f"{fewest:,} test rows of the class {label}"
    sure = compared.intervals[CANDIDATE].get(metric)
    told = "" if sure is None else f" {metric} may as well be anything from {sure.low:.3g} to {sure.high:.3g}."
    yield f"There are only {what}:{told or ' the measures are rough.'}{_cross_validated(metric, judged.manifest)}"


def _cross_validated(metric: str, manifest: Mapping[str, Any]) -> str:
    told = manifest.get("cross_validation")
    found = told["metrics"].get(metric) if isinstance(told, Mapping) else None
    if not isinstance(told, Mapping) or found is None:
        return ""
    return (
        f" Cross-validation on the other {told['rows']:,} rows gives {found['mean']:.3g} "
        f"± {found['standard_deviation']:.2g} ({told['folds']} folds, {told['repeats']} times)."
    )


def _no_mistakes(judged: Judged) -> Iterator[str]:
    predicted, rows = judged.candidate.predicted, judged.truth.size
    if predicted is not None and np.array_equal(predicted, judged.truth.astype(np.int64)):
        yield (
            f"Not one of {rows:,} test rows is taken for another class. In all rows, up to {_SURE_OF_NONE / rows:.1%} "
            "may be: an interval that ends at 1 says only that these rows hold no mistake to draw. Make sure that no "
            "column gives the target away."
        )


def _otherwise_than_validated(metric: str, judged: Judged, compared: Comparison) -> Iterator[str]:
    """A test set that comes from somewhere else, or a search that has learned the validation rows by heart."""
    told = judged.manifest.get("validation")
    value = told.get(metric) if isinstance(told, Mapping) else None
    sure = compared.intervals[CANDIDATE].get(metric)
    if not isinstance(value, int | float) or sure is None or judged.truth.size < FEW_ROWS:
        return
    # Validation rows vary as test rows do: both together by the root of two times as much.
    here = compared.measured[CANDIDATE][metric]
    if abs(value - here) > _FAR * 2**0.5 * sure.deviation:
        worse = (here > value) == (metric in LOWER_IS_BETTER)
        harder = "the test rows come from elsewhere, or the settings fit the validation rows by heart"
        yield (
            f"{metric} is {value:.4g} on the validation rows and {here:.4g} on the test rows, further apart than "
            f"chance explains: {harder if worse else 'the test rows are easier'}."
        )


def _no_better(metric: str, compared: Comparison) -> Iterator[str]:
    ahead = compared.better_by.get(BASELINE, {}).get(metric)
    if ahead is not None and ahead.low <= 0:
        yield (
            f"The candidate is not clearly better than the baseline: by {metric} it is ahead by something between "
            f"{ahead.low:.3g} and {ahead.high:.3g}."
        )


def _rare(judged: Judged) -> Iterator[str]:
    predicted = judged.candidate.predicted
    if judged.features.kind != "binary" or predicted is None:
        return
    share, label = float(np.mean(judged.truth == 1)), judged.features.positive
    if share < RARE:
        yield (
            f"{share:.2%} of the test rows are {label}: always answering the other class is right for {1 - share:.2%}. "
            "Look at precision and recall rather than at accuracy or the ROC curve."
        )
    if not np.any(predicted == 1):
        threshold = judged.features.threshold
        yield (
            f"No test row reaches the threshold {threshold:.3g}: the model never answers {label}. Give `costs`, or "
            "`evaluation: {decision: f1}`."
        )


def _probabilities(judged: Judged) -> Iterator[str]:
    settings = judged.manifest.get("hyperparameters")
    given = settings if isinstance(settings, Mapping) else {}
    weighed = given.get("class_balance", 0) != 0 or given.get("scale_pos_weight", 1) != 1
    if weighed and judged.features.kind != "regression":
        yield "Classes were weighed in training: scores rank rows, and are no longer the shares of rows that they name."
        return
    if judged.features.kind != "binary" or judged.truth.size < _ENOUGH_TO_CALIBRATE:
        return
    error = calibration(judged.truth.astype(np.int64), judged.candidate.values)["error"]
    if error > MISCALIBRATED:
        yield f"Scores are {100 * error:.1f} points off the shares that they name, on average: they are no odds."


def _unseen_classes(judged: Judged) -> Iterator[str]:
    if judged.features.kind == "regression":
        return
    absent = [label for place, label in enumerate(judged.features.labels) if not np.any(judged.truth == place)]
    if absent:
        shown = ", ".join(absent[:5])
        yield f"No test row is of these classes, about which nothing is known: {shown}."
