"""Decides a condition step's conditions: operands that cannot be compared are an error, never a silent branch.

Source: the conditions that the SageMaker Python SDK emits (`sagemaker.core.workflow.conditions`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from local.definition.findings import Json, quote
from local.definition.functions import Context, ExpressionError, name_of, resolve


def evaluate(condition: Json, context: Context) -> bool:
    """Decides a condition.

    Every operand is resolved and checked, even where the outcome is already clear, so that a missing metric or a NaN
    fails the step instead of quietly choosing a branch.

    Raises:
        ExpressionError: an operand has no value, or the operands cannot be compared.
    """
    kind = condition.get("Type") if isinstance(condition, Mapping) else None
    if kind == "Not":
        return not evaluate(condition.get("Condition"), context)
    if kind == "Or":
        outcomes = [evaluate(each, context) for each in _conditions(condition)]
        return any(outcomes)
    if kind == "In":
        return _is_in(condition, context)
    if not isinstance(kind, str) or kind not in COMPARISONS:
        raise ExpressionError(f"{quote(kind)} is not a condition; use {', '.join(COMPARISONS)}, In, Not or Or.")
    left, right = (_operand(condition, side, context) for side in ("LeftValue", "RightValue"))
    _comparable(kind, left, right, _sides(condition))
    return COMPARISONS[kind](left, right)


COMPARISONS: dict[str, Callable[[Json, Json], bool]] = {
    "Equals": lambda left, right: bool(left == right),
    "GreaterThan": lambda left, right: bool(left > right),
    "GreaterThanOrEqualTo": lambda left, right: bool(left >= right),
    "LessThan": lambda left, right: bool(left < right),
    "LessThanOrEqualTo": lambda left, right: bool(left <= right),
}


def _conditions(condition: Mapping[str, Json]) -> list[Json]:
    conditions = condition.get("Conditions")
    if not isinstance(conditions, list) or not conditions:
        raise ExpressionError(f"The condition {condition['Type']} needs a list of Conditions.")
    return conditions


def _is_in(condition: Mapping[str, Json], context: Context) -> bool:
    values = resolve(condition.get("Values"), context)
    query = _operand(condition, "QueryValue", context)
    if not isinstance(values, list):
        raise ExpressionError("The condition In needs a list of Values.")
    found = False
    for value in values:
        _finite(value, "a member of In's Values")
        if _family(value) != _family(query):
            raise ExpressionError(f"In cannot compare {_named(query)} with {_named(value)}.")
        found = found or value == query
    return found


def _operand(condition: Mapping[str, Json], side: str, context: Context) -> Json:
    if side not in condition:
        raise ExpressionError(f"The condition {condition['Type']} has no {side}.")
    value = resolve(condition[side], context)
    _finite(value, name_of(condition[side]))
    return value


def _sides(condition: Mapping[str, Json]) -> str:
    return f"{name_of(condition['LeftValue'])} with {name_of(condition['RightValue'])}"


def _finite(value: Json, name: str) -> None:
    if value is None:
        raise ExpressionError(f"A condition cannot be decided: {name} is null.")
    if isinstance(value, float) and not math.isfinite(value):
        raise ExpressionError(f"A condition cannot be decided: {name} is {value}, which is not a number to compare.")
    if isinstance(value, dict | list):
        raise ExpressionError(f"A condition compares single values, and {name} is {quote(value)}.")


def _comparable(kind: str, left: Json, right: Json, sides: str) -> None:
    if _family(left) != _family(right):
        raise ExpressionError(
            f"{kind} cannot compare {sides}: {_named(left)} and {_named(right)} are of different types."
        )
    if kind != "Equals" and _family(left) == "boolean":
        raise ExpressionError(f"{kind} cannot compare {sides}: true and false have no order; use Equals.")
    if kind != "Equals" and _looks_numeric(left) and _looks_numeric(right):
        # By letters, "10" stands before "9": whoever orders such text means the numbers.
        raise ExpressionError(f"{kind} cannot compare {sides}: {_named(left)} and {_named(right)} are not numbers.")


def _family(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float) else "text"


def _looks_numeric(value: Json) -> bool:
    if not isinstance(value, str):
        return False
    try:
        float(value)
    except ValueError:
        return False
    return True


def _named(value: Json) -> str:
    return f"the {_family(value)} {quote(value)}"
