"""Explains a model's answers to a dataset by SHAP values, of each row and over all of them.

Source: SageMaker Developer Guide, 'Analysis Configuration Files' (`shap`) and 'Analysis Results' (SHAP analysis).
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from local.jobs.builtin.checks import shapley
from local.jobs.builtin.checks.asking import Model
from local.jobs.builtin.checks.shapley import Array
from local.jobs.builtin.checks.table import CheckError, Column

METHOD = "shap"
_ROWS_AT_ONCE = 200_000
_EDGE = 1e-7
_AGGREGATES: dict[str, Callable[[Array], Array]] = {
    "mean_abs": lambda found: np.abs(found).mean(axis=0),
    "median": lambda found: np.median(found, axis=0),
    "mean_sq": lambda found: (found**2).mean(axis=0),
}


def explain(
    features: Sequence[Column], baseline: Sequence[Sequence[str]], config: Mapping[str, Any], model: Model
) -> tuple[dict[str, Any], str]:
    """Return the section `explanations` of analysis.json, and the rows' own values as CSV."""
    settings = config["methods"][METHOD]
    aggregate = _AGGREGATES.get(str(settings.get("agg_method", "mean_abs")).lower())
    if aggregate is None:
        message = f"The agg_method {settings['agg_method']!r} is not known; there are {', '.join(_AGGREGATES)}."
        raise CheckError(message)
    positions = _positions(features, settings.get("features_to_explain"))
    rows = list(zip(*(column.texts for column in features), strict=True))
    seed = int(settings.get("seed") or 0)
    samples = int(settings.get("num_samples") or shapley.default_samples(len(positions)))
    masks, weights = shapley.coalitions(len(positions), samples, seed)
    scores = _Scores(model, use_logit=bool(settings.get("use_logit")))
    full = scores.of(rows)
    hidden = [_mixed(row, other, positions, ()) for row in rows for other in baseline]
    base = scores.of(hidden).reshape(len(rows), len(baseline), -1).mean(axis=1)
    answers = _asked(rows, baseline, positions, masks, scores)
    names = [features[position].name for position in positions]
    labels = _labels(config, full.shape[1])
    local = [
        shapley.values(masks, weights, answers[:, :, output], base[:, output], full[:, output])
        for output in range(full.shape[1])
    ]
    section = {
        label: {
            "global_shap_values": dict(zip(names, map(float, aggregate(found)), strict=True)),
            "expected_value": float(base[:, output].mean()),
        }
        for output, (label, found) in enumerate(zip(labels, local, strict=True))
    }
    return {"kernel_shap": section}, _table(names, labels, local)


def default_baseline(features: Sequence[Column], clusters: int, seed: int) -> list[list[str]]:
    """Return rows that stand for a dataset: each cluster's middle, of columns without numbers the commonest text."""
    groups = _clusters(features, clusters, seed)
    return [
        [_middle(column, np.flatnonzero(groups == group)) for column in features]
        for group in sorted(set(groups.tolist()))
    ]


class _Scores:
    """A model's numbers for rows, as log-odds where they are to be."""

    def __init__(self, model: Model, *, use_logit: bool) -> None:
        self._model = model
        self._use_logit = use_logit

    def of(self, rows: Sequence[Sequence[str]]) -> Array:
        """Return the numbers [rows, outputs]."""
        found = [self._model.scores(answer) for answer in self._model.answers(rows)]
        if len({len(each) for each in found}) > 1:
            message = "The model answers a different number of scores to different rows."
            raise CheckError(message)
        table = np.array(found, dtype=np.float64)
        if not self._use_logit:
            return table
        clipped = np.clip(table, _EDGE, 1.0 - _EDGE)
        return np.log(clipped / (1.0 - clipped))


def _asked(
    rows: Sequence[Sequence[str]],
    baseline: Sequence[Sequence[str]],
    positions: Sequence[int],
    masks: shapley.Masks,
    scores: _Scores,
) -> Array:
    """Return the mean answer over the baseline for every row and coalition [rows, coalitions, outputs]."""
    kept = [tuple(positions[index] for index in np.flatnonzero(mask)) for mask in masks]
    at_once = max(1, _ROWS_AT_ONCE // max(1, len(kept) * len(baseline)))
    parts = []
    for start in range(0, len(rows), at_once):
        part = rows[start : start + at_once]
        made = [_mixed(row, other, positions, inside) for row in part for inside in kept for other in baseline]
        if made:
            parts.append(scores.of(made).reshape(len(part), len(kept), len(baseline), -1).mean(axis=2))
    if parts:
        return np.concatenate(parts)
    outputs = scores.of(rows[:1]).shape[1]
    return np.zeros((len(rows), 0, outputs))


def _mixed(row: Sequence[str], other: Sequence[str], positions: Sequence[int], inside: Sequence[int]) -> list[str]:
    """Return a row whose explained features are the baseline's but for those inside."""
    mixed = list(row)
    for position in positions:
        if position not in inside:
            mixed[position] = other[position]
    return mixed


def _positions(features: Sequence[Column], wanted: Any) -> list[int]:
    if not wanted:
        return list(range(len(features)))
    names = [column.name for column in features]
    unknown = [each for each in wanted if each not in names and not (isinstance(each, int) and each < len(names))]
    if unknown:
        message = f"features_to_explain names {', '.join(map(repr, unknown))}, which the dataset does not have."
        raise CheckError(message)
    return [each if isinstance(each, int) else names.index(each) for each in wanted]


def _labels(config: Mapping[str, Any], count: int) -> list[str]:
    headers = (config.get("predictor") or {}).get("label_headers") or ()
    return [str(each) for each in headers] if len(headers) == count else [f"label{index}" for index in range(count)]


def _table(names: Sequence[str], labels: Sequence[str], local: Sequence[Array]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(f"{name}_{label}" for label in labels for name in names)
    writer.writerows(_joined(local))
    return text.getvalue()


def _joined(local: Sequence[Array]) -> Iterator[list[float]]:
    for row in np.concatenate(local, axis=1):
        yield [float(value) for value in row]


def _clusters(features: Sequence[Column], clusters: int, seed: int) -> Any:
    rows = len(features[0].texts)
    numeric = [column for column in features if _is_numeric(column)]
    if clusters <= 1 or not numeric or rows <= clusters:
        return np.arange(rows) if 1 < rows <= clusters else np.zeros(rows, dtype=int)
    # Imported here: it takes seconds, and only a baseline of several rows needs it.
    from sklearn.cluster import KMeans  # noqa: PLC0415

    table = np.array([[float(text) for text in column.texts] for column in numeric]).T
    spread = table.std(axis=0)
    scaled = (table - table.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return KMeans(clusters, random_state=seed, n_init=10).fit_predict(scaled)


def _middle(column: Column, rows: Any) -> str:
    texts = [column.texts[row] for row in rows]
    if not _is_numeric(column):
        return str(max(sorted(set(texts)), key=texts.count))
    mean = math.fsum(float(text) for text in texts) / len(texts)
    return str(round(mean)) if column.kind == "Integral" else repr(mean)


def _is_numeric(column: Column) -> bool:
    return column.kind in ("Integral", "Fractional") and "" not in column.texts
