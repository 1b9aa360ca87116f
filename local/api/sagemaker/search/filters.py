"""Single filters: a property, an operator, and a value in the property's own kind."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from local.api import errors
from local.api.sagemaker.search.properties import Property

Test: TypeAlias = Callable[[Sequence[Any]], bool]

_ORDERED: dict[str, Callable[[Any, Any], bool]] = {
    "GreaterThan": operator.gt,
    "GreaterThanOrEqualTo": operator.ge,
    "LessThan": operator.lt,
    "LessThanOrEqualTo": operator.le,
}
_TEXT_ONLY = ("Contains", "In")


def compile_filter(wanted: Property, given: Mapping[str, Any]) -> Test:
    """Return what says whether a property's values (none, one, or those along a list) satisfy a filter."""
    name = given.get("Operator", "Equals")
    if name == "Exists":
        return bool
    if name == "NotExists":
        return lambda values: not values
    if given.get("Value") is None:
        raise errors.invalid(f"The filter on {wanted.name!r} needs a Value for its operator {name}.")
    if name in _ORDERED:
        return _ordered(wanted, _ORDERED[name], name, given["Value"])
    if name in _TEXT_ONLY:
        return _text(wanted, name, given["Value"])
    equal = _equal(wanted, given["Value"])
    if name == "NotEquals":
        return lambda values: not any(equal(value) for value in values)
    return lambda values: any(equal(value) for value in values)


def _equal(wanted: Property, given: str) -> Callable[[Any], bool]:
    if wanted.kind in ("number", "time"):
        target = _read(wanted, given)
        # A filter's times are whole seconds.
        return lambda value: (int(value) if wanted.kind == "time" else float(value)) == target
    if wanted.kind == "boolean":
        return lambda value: bool(value) == (given.lower() == "true")
    if wanted.kind == "object":
        raise errors.invalid(f"The property {wanted.name!r} is an object: only Exists and NotExists apply to it.")
    return lambda value: str(value) == given


def _ordered(wanted: Property, compare: Callable[[Any, Any], bool], name: str, given: str) -> Test:
    if wanted.kind == "hyperparameter":
        return _hyperparameter(wanted, compare, given)
    if wanted.kind not in ("number", "time"):
        raise errors.invalid(f"The operator {name} is not supported for the property {wanted.name!r}.")
    target = _read(wanted, given)
    return lambda values: any(compare(float(value), target) for value in values)


def _hyperparameter(wanted: Property, compare: Callable[[Any, Any], bool], given: str) -> Test:
    """Compare as numbers: whole ones where the filter's value is whole, as the service documents it."""
    target = _read(wanted, given)
    whole = given.strip().lstrip("+-").isdecimal()

    def test(values: Sequence[Any]) -> bool:
        for value in values:
            try:
                number = float(str(value).strip('"'))
            except ValueError:
                continue
            if compare(int(number) if whole else number, target):
                return True
        return False

    return test


def _text(wanted: Property, name: str, given: str) -> Test:
    if not wanted.is_text:
        raise errors.invalid(f"The operator {name} is only supported for text, and {wanted.name!r} is none.")
    if name == "In":
        listed = {item.strip() for item in given.split(",")}
        return lambda values: any(str(value) in listed for value in values)
    return lambda values: any(given in str(value) for value in values)


def _read(wanted: Property, given: str) -> float:
    try:
        if wanted.kind != "time":
            return float(given)
        moment = datetime.fromisoformat(given)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        kind = "a time such as 2026-01-31T12:00:00" if wanted.kind == "time" else "a number"
        raise errors.invalid(f"The value {given[:100]!r} of the filter on {wanted.name!r} is not {kind}.") from None
