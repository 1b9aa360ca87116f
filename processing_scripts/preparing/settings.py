"""What the problem says about preparing the data beside columns to drop: a JSON object, given in pieces."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from inference.job import JobError

Group = TypeVar("Group")


@dataclass(frozen=True)
class Split:
    """Which rows train, validate and test; `config.preparation` says what the settings mean."""

    by: str = "random"
    column: str | None = None
    validation: float = 0.1
    test: float = 0.1
    duplicates: str = "together"


@dataclass(frozen=True)
class FeatureSettings:
    """How columns become features."""

    encoding: str = "auto"
    smoothing: float = 20.0
    day_first: bool | None = None


@dataclass(frozen=True)
class Expected:
    """What the cells of one column must be."""

    type: str | None = None
    min: float | None = None
    max: float | None = None
    values: Sequence[str] = ()
    missing: float | None = None


@dataclass(frozen=True)
class Contract:
    """What the data must be like."""

    columns: Mapping[str, Expected] = field(default_factory=dict)
    only: bool = False
    bad_rows: str = "fail"
    most_set_aside: float = 0.01


@dataclass(frozen=True)
class Selection:
    """Which columns are learned from."""

    by: str = "none"
    keep: int | None = None
    least: float | None = None


@dataclass(frozen=True)
class Settings:
    """All of them."""

    split: Split = field(default_factory=Split)
    features: FeatureSettings = field(default_factory=FeatureSettings)
    contract: Contract = field(default_factory=Contract)
    selection: Selection = field(default_factory=Selection)
    personal: Sequence[str] = ()
    slices: Sequence[str] = ()
    """Columns that Evaluate measures by."""


def read_settings(pieces: Sequence[str]) -> Settings:
    """Read the JSON object that the pieces make; raises JobError where there is none, or one that is not known."""
    if not pieces:
        return Settings()
    try:
        raw = json.loads("".join(pieces))
    except ValueError as error:
        raise JobError(f"--settings is not JSON: {error}.") from error
    if not isinstance(raw, Mapping):
        raise JobError("--settings is not an object of settings by name.")
    unknown = sorted(raw.keys() - {each.name for each in fields(Settings)})
    if unknown:
        raise JobError(f"--settings has {unknown[0]!r}, which this version does not know.")
    contract = _group(Contract, raw, "contract")
    columns = {name: _group(Expected, contract.columns, name) for name in contract.columns}
    return Settings(
        split=_group(Split, raw, "split"),
        features=_group(FeatureSettings, raw, "features"),
        contract=replace(contract, columns=columns),
        selection=_group(Selection, raw, "selection"),
        personal=tuple(raw.get("personal", ())),
        slices=tuple(raw.get("slices", ())),
    )


def _group(kind: type[Group], raw: Mapping[str, Any], name: str) -> Group:
    try:
        return kind(**raw.get(name, {}))
    except TypeError as error:
        raise JobError(f"--settings: {name} has a setting that this version does not know ({error}).") from error
