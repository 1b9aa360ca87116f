"""EventBridge patterns: which events a rule takes.

Source: Amazon EventBridge User Guide, 'Comparison operators for use in event patterns'.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_MISSING = object()


class PatternError(ValueError):
    """A pattern that EventBridge would not take; the message says where it is wrong."""


def any_matches(patterns: Iterable[Mapping[str, Any]], event: Mapping[str, Any]) -> bool:
    """Say whether one of the patterns takes the event."""
    return any(matches(pattern, event) for pattern in patterns)


def matches(pattern: Mapping[str, Any], event: Any) -> bool:
    """Say whether a pattern takes an event: every member that it names must fit.

    Raises:
        PatternError: the pattern is wrong.
    """
    given = event if isinstance(event, Mapping) else {}
    return all(_member(name, wanted, given) for name, wanted in pattern.items())


def check(pattern: Any) -> None:
    """Raise PatternError where a pattern is wrong: all of it is looked at, whatever the event."""
    if not isinstance(pattern, Mapping) or not pattern:
        raise PatternError("An event pattern is a JSON object with at least one member.")
    for name, wanted in pattern.items():
        if name == "$or":
            if not isinstance(wanted, list) or len(wanted) < 2:
                raise PatternError("$or takes a list of two patterns or more.")
            for each in wanted:
                check(each)
        elif isinstance(wanted, Mapping):
            check(wanted)
        elif not isinstance(wanted, list) or not wanted:
            raise PatternError(f"{name} must be an object, or a list of the values that it may have.")
        else:
            for each in wanted:
                _fits(each, "")


def _member(name: str, wanted: Any, event: Mapping[str, Any]) -> bool:
    if name == "$or":
        return any(matches(each, event) for each in wanted)
    value = event.get(name, _MISSING)
    if isinstance(wanted, Mapping):
        # A list of objects fits where one of them does.
        return any(matches(wanted, each) for each in (value if isinstance(value, list) else [value]))
    if not isinstance(wanted, list):
        raise PatternError(f"{name} must be an object, or a list of the values that it may have.")
    values = value if isinstance(value, list) else [value]
    return any(_fits(each, value) for each in wanted for value in values or [_MISSING])


def _fits(wanted: Any, value: Any) -> bool:
    """Hold one value against one entry of a list: a value to equal, or an object with an operator."""
    if isinstance(wanted, Mapping):
        if len(wanted) != 1:
            raise PatternError(f"{dict(wanted)!r} must hold one operator.")
        (operator, operand) = next(iter(wanted.items()))
        check_value = _OPERATORS.get(operator)
        if check_value is None:
            raise PatternError(f"There is no operator {operator!r}. There are: {', '.join(sorted(_OPERATORS))}.")
        if operator == "exists":
            return bool(operand) is (value is not _MISSING and not isinstance(value, Mapping))
        found = check_value(operand, value)
        return found and value is not _MISSING
    return value is not _MISSING and _equal(wanted, value)


def _equal(wanted: Any, value: Any) -> bool:
    # In JSON true is no number; in Python it equals 1.
    return bool(wanted == value) and isinstance(wanted, bool) is isinstance(value, bool)


def _text(test: Callable[[str, str], bool]) -> Callable[[Any, Any], bool]:
    """Return the operator of a test on two texts, which may stand in {"equals-ignore-case": …}."""

    def operator(operand: Any, value: Any) -> bool:
        fold = isinstance(operand, Mapping) and list(operand) == ["equals-ignore-case"]
        wanted = operand["equals-ignore-case"] if fold else operand
        if not isinstance(wanted, str):
            raise PatternError(f"{operand!r} must be a text.")
        if not isinstance(value, str):
            return False
        return test(value.casefold(), wanted.casefold()) if fold else test(value, wanted)

    return operator


def _anything_but(operand: Any, value: Any) -> bool:
    if isinstance(operand, Mapping):
        (operator, inner) = next(iter(operand.items()), ("", None))
        if len(operand) != 1 or operator not in _BUT:
            raise PatternError(f"anything-but takes values, or one of {', '.join(_BUT)}; not {dict(operand)!r}.")
        return not any(_fits({operator: each}, value) for each in (inner if isinstance(inner, list) else [inner]))
    return not any(_equal(each, value) for each in (operand if isinstance(operand, list) else [operand]))


def _numeric(operand: Any, value: Any) -> bool:
    if not isinstance(operand, list) or len(operand) not in (2, 4):
        raise PatternError(f'numeric takes one comparison or two, such as [">", 0, "<=", 5], not {operand!r}.')
    pairs = list(zip(operand[::2], operand[1::2], strict=True))
    for sign, bound in pairs:
        if sign not in _COMPARE or isinstance(bound, bool) or not isinstance(bound, int | float):
            raise PatternError(f"numeric cannot compare with {sign!r} {bound!r}.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return all(_COMPARE[sign](value, bound) for sign, bound in pairs)


def _cidr(operand: Any, value: Any) -> bool:
    try:
        network = ipaddress.ip_network(operand, strict=False)
    except (ValueError, TypeError) as error:
        raise PatternError(f"cidr takes a network such as 10.0.0.0/24: {error}.") from None
    try:
        return ipaddress.ip_address(value) in network
    except (ValueError, TypeError):
        return False


def _wildcard(value: str, wanted: str) -> bool:
    pieces = re.split(r"(\\[*\\]|\*)", wanted)
    text = "".join(
        ".*" if piece == "*" else re.escape(piece[1:] if piece in ("\\*", "\\\\") else piece) for piece in pieces
    )
    return re.fullmatch(text, value, re.DOTALL) is not None


def _exists(operand: Any, value: Any) -> bool:
    raise NotImplementedError((operand, value))


_BUT = ("prefix", "suffix", "equals-ignore-case", "wildcard")
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "anything-but": _anything_but,
    "cidr": _cidr,
    "equals-ignore-case": _text(lambda value, wanted: value.casefold() == wanted.casefold()),
    "exists": _exists,
    "numeric": _numeric,
    "prefix": _text(str.startswith),
    "suffix": _text(str.endswith),
    "wildcard": _text(_wildcard),
}
