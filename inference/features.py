"""features.json: everything that was fitted on the training rows, and how labels and columns are named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.columns import Column, FeaturesError, Ignored, column_from_json, column_to_json

FORMAT_VERSION = 2
_READABLE = (1, 2)
"""Version 1 had no encoded and no date columns, and no personal ones; what it has means the same."""
KINDS = ("binary", "multiclass", "regression")
LABEL = "label"
"""The name of the label column beside the feature columns."""

HALF = 0.5

_TEXTS = ("kind", "target", "metric", "data_version")


@dataclass(frozen=True)
class Features:
    """How raw rows become features and how labels are numbered.

    `columns` are all input columns but the target, in the order of the file. `labels` gives the text of each class
    by its index (for binary problems index 1 is the positive class) and is empty for regression. `missing` holds every
    token that was read as missing. `personal` names the columns whose values are shown to nobody. `threshold` is the
    score from which on a row of a binary problem is called positive: training chooses it, so it is one half in what
    Prepare writes.
    """

    kind: str
    target: str
    metric: str
    labels: tuple[str, ...]
    columns: tuple[Column, ...]
    missing: frozenset[str]
    data_version: str
    seed: int
    personal: tuple[str, ...] = ()
    threshold: float = HALF

    @property
    def positive(self) -> str | None:
        """The positive class of a binary problem."""
        return self.labels[1] if self.kind == "binary" else None

    @property
    def names(self) -> list[str]:
        """Names of the columns of a raw row, in order."""
        return [column.name for column in self.columns]

    @property
    def used(self) -> list[Column]:
        """The columns that features are made of."""
        return [column for column in self.columns if not isinstance(column, Ignored)]

    def feature_names(self) -> list[str]:
        """Names of the feature columns in order, each once, none of them `label`."""
        taken = {LABEL}
        names = []
        for base in (name for column in self.columns for name in column.features()):
            name, count = base, 2
            while name in taken:
                name, count = f"{base} ({count})", count + 1
            taken.add(name)
            names.append(name)
        return names

    def to_json(self) -> dict[str, Any]:
        """The content of features.json."""
        return {
            "format_version": FORMAT_VERSION,
            "kind": self.kind,
            "target": self.target,
            "metric": self.metric,
            "labels": list(self.labels),
            "positive": self.positive,
            "missing": sorted(self.missing),
            "data_version": self.data_version,
            "seed": self.seed,
            "personal": list(self.personal),
            **({"threshold": self.threshold} if self.threshold != HALF else {}),
            "columns": [column_to_json(column) for column in self.columns],
        }


def features_from_json(raw: object) -> Features:
    """Read the content of a features.json; raises FeaturesError with the one cause."""
    if not isinstance(raw, Mapping):
        raise FeaturesError("features.json does not hold an object; prepare the data again.")
    if raw.get("format_version") not in _READABLE:
        raise FeaturesError(
            f"features.json has format version {raw.get('format_version')!r}, this code reads up to {FORMAT_VERSION}; "
            "use the code that travels with it, or prepare the data again."
        )
    for key in _TEXTS:
        if not isinstance(raw.get(key), str):
            raise FeaturesError(f"features.json: {key} is not text; prepare the data again.")
    lists = {key: _texts(raw, key) for key in ("labels", "missing")}
    personal = _texts(raw, "personal") if "personal" in raw else []
    columns = raw.get("columns")
    if not isinstance(columns, list) or not isinstance(raw.get("seed"), int):
        raise FeaturesError("features.json: columns or seed is not what it should be; prepare the data again.")
    features = Features(
        kind=raw["kind"],
        target=raw["target"],
        metric=raw["metric"],
        labels=tuple(lists["labels"]),
        columns=tuple(column_from_json(column, f"columns[{place}]") for place, column in enumerate(columns)),
        missing=frozenset(lists["missing"]),
        data_version=raw["data_version"],
        seed=raw["seed"],
        personal=tuple(personal),
        threshold=_threshold(raw.get("threshold", HALF)),
    )
    _check(features)
    return features


def load_features(path: Path) -> Features:
    """Read a features.json; raises FeaturesError with the one cause."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FeaturesError(f"{path.name} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise FeaturesError(f"{path.name} is not JSON: {error}.") from error
    return features_from_json(raw)


def _texts(raw: Mapping[str, Any], key: str) -> list[str]:
    value = raw.get(key)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise FeaturesError(f"features.json: {key} is not a list of texts; prepare the data again.")
    return value


def _threshold(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise FeaturesError("features.json: threshold is no number from 0 to 1; train the model again.")
    return float(value)


def _check(features: Features) -> None:
    if features.kind not in KINDS:
        raise FeaturesError(f"features.json: kind is {features.kind!r}, not one of {', '.join(KINDS)}.")
    classes = len(set(features.labels))
    fits = {"binary": classes == 2, "multiclass": classes >= 2, "regression": classes == 0}[features.kind]
    if not fits or classes != len(features.labels):
        raise FeaturesError(f"features.json: {len(features.labels)} labels do not fit a {features.kind} problem.")
    if len(set(features.names)) != len(features.names):
        raise FeaturesError("features.json names a column twice; prepare the data again.")
    if not features.used:
        raise FeaturesError("features.json makes no feature of any column; prepare the data again.")
