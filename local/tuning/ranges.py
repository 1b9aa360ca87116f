"""The ranges that a tuning job searches: read from a request, and what is wrong with them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.jobs.requests import is_open, items, member

INTEGER, CONTINUOUS, CATEGORICAL = "Integer", "Continuous", "Categorical"
LINEAR, LOGARITHMIC, REVERSE = "Linear", "Logarithmic", "ReverseLogarithmic"

# `Auto` becomes logarithmic where a range of positive numbers spans this factor.
WIDE = 100
# An automatic parameter is searched from its hint divided by this, to its hint times this.
AROUND_HINT = 8


@dataclass(frozen=True)
class Range:
    """What one hyperparameter may be: numbers between two bounds on a scale, or one of several texts."""

    name: str
    kind: str
    low: float = 0.0
    high: float = 0.0
    scaling: str = LINEAR
    values: tuple[str, ...] = ()

    def contains(self, text: str) -> bool:
        """Say whether a hyperparameter's text is one of this range."""
        if self.kind == CATEGORICAL:
            return text in self.values
        value = _number(text)
        if value is None or not self.low <= value <= self.high:
            return False
        return self.kind == CONTINUOUS or value == int(value)


def read(given: Any) -> tuple[Range, ...]:
    """Return the ranges of a resolved `ParameterRanges`, in the order in which the service lists their kinds."""
    found = []
    for kind in (INTEGER, CONTINUOUS):
        for entry in items(given, f"{kind}ParameterRanges"):
            low, high = float(entry["MinValue"]), float(entry["MaxValue"])
            scaling = _scaling(str(entry.get("ScalingType", "Auto")), low, high)
            found.append(Range(str(entry["Name"]), kind, low, high, scaling))
    found += [
        Range(str(entry["Name"]), CATEGORICAL, values=tuple(map(str, entry["Values"])))
        for entry in items(given, "CategoricalParameterRanges")
    ]
    found += [_around(entry) for entry in items(given, "AutoParameters")]
    return tuple(found)


def problems(given: Any) -> list[str]:
    """Name what is wrong with ranges, each as a sentence without its subject; what is unresolved is passed over."""
    found = []
    for kind in (INTEGER, CONTINUOUS):
        for entry in items(given, f"{kind}ParameterRanges"):
            found += [f"tunes {entry.get('Name')!r}, {problem}" for problem in _numeric_problems(kind, entry)]
    for entry in items(given, "AutoParameters"):
        hint = entry.get("ValueHint")
        if not is_open(hint) and not (_number(hint) or 0) > 0:
            found.append(
                f"tunes {entry.get('Name')!r} automatically from the hint {hint!r}; the laptop finds ranges around "
                "positive numbers alone: give it a range."
            )
    names = [str(entry.get("Name")) for kind in _LISTS for entry in items(given, kind)]
    found += [f"tunes {name!r} twice; keep one range." for name in sorted({n for n in names if names.count(n) > 1})]
    if not names and member(given) is not None:
        found.append("has no ranges to tune; name at least one hyperparameter in its ParameterRanges.")
    return found


_LISTS = ("IntegerParameterRanges", "ContinuousParameterRanges", "CategoricalParameterRanges", "AutoParameters")


def _numeric_problems(kind: str, entry: Mapping[str, Any]) -> list[str]:
    given = [entry.get("MinValue"), entry.get("MaxValue")]
    if any(is_open(value) for value in given):
        return []
    low, high = map(_number, given)
    if low is None or high is None or (kind == INTEGER and (low != int(low) or high != int(high))):
        return [f"and its bounds {given[0]!r} and {given[1]!r} are not both {_NOUNS[kind]}."]
    if low > high:
        return [f"and its MinValue {given[0]} is above its MaxValue {given[1]}; exchange them."]
    scaling = entry.get("ScalingType")
    if scaling == LOGARITHMIC and low <= 0:
        return [f"and its MinValue {given[0]} has no logarithm; raise it above 0, or use Linear scaling."]
    if scaling == REVERSE and (kind == INTEGER or not (low >= 0 and high < 1)):
        return ["and ReverseLogarithmic scaling takes continuous ranges from 0 to below 1; use another scaling."]
    return []


_NOUNS = {INTEGER: "whole numbers", CONTINUOUS: "numbers"}


def _around(entry: Mapping[str, Any]) -> Range:
    hint = float(entry["ValueHint"])
    whole = str(entry["ValueHint"]).lstrip("+").isdecimal()
    if whole:
        return Range(str(entry["Name"]), INTEGER, max(1, int(hint) // AROUND_HINT), hint * AROUND_HINT, LOGARITHMIC)
    return Range(str(entry["Name"]), CONTINUOUS, hint / AROUND_HINT, hint * AROUND_HINT, LOGARITHMIC)


def _scaling(given: str, low: float, high: float) -> str:
    if given != "Auto":
        return given
    return LOGARITHMIC if low > 0 and high / low >= WIDE else LINEAR


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None
