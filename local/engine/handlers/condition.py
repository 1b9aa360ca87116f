"""Condition steps: decide which branch runs, and say by which values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.definition.document import Step
from local.definition.expressions import ExpressionError, evaluate, references
from local.engine.progress import RAN, Activity, Done, Progress
from local.engine.task import StepTask

_SIGNS = {
    "Equals": "==",
    "GreaterThan": ">",
    "GreaterThanOrEqualTo": ">=",
    "LessThan": "<",
    "LessThanOrEqualTo": "<=",
}


class ConditionHandler:
    """Evaluates all conditions; the branch of the outcome runs."""

    type = "Condition"
    not_keyed: tuple[str, ...] | None = None

    def validate(self, step: Step, arguments: Mapping[str, Any]) -> list[str]:
        """Every condition that a definition may hold can be decided here."""
        del step, arguments
        return []

    def arguments(self, task: StepTask) -> dict[str, Any]:
        """Return the conditions as they stand: deciding them resolves them, strictly."""
        return {"Conditions": task.step.arguments.get("Conditions", [])}

    def start(self, task: StepTask, arguments: Mapping[str, Any]) -> Activity:
        """Decide."""
        conditions = arguments["Conditions"]
        # All are decided, even after a false one: an undecidable condition is a failure, not a branch.
        outcomes = [evaluate(condition, task.context) for condition in conditions]
        outcome = all(outcomes)
        shown = " and ".join(_shown(condition, task) for condition in conditions) or "no conditions"
        reason = f"{'True' if outcome else 'False'}: {shown}."
        return Done(Progress("Succeeded", reason=reason, how=RAN, outcome=outcome, properties={"Outcome": outcome}))


def _shown(condition: Mapping[str, Any], task: StepTask) -> str:
    kind = condition["Type"]
    if kind == "Not":
        return f"not ({_shown(condition['Condition'], task)})"
    if kind == "Or":
        return "(" + " or ".join(_shown(each, task) for each in condition["Conditions"]) + ")"
    if kind == "In":
        return f"{_operand(condition['QueryValue'], task)} in {task.resolve(condition['Values'])!r}"
    left, right = (_operand(condition[side], task) for side in ("LeftValue", "RightValue"))
    return f"{left} {_SIGNS[kind]} {right}"


def _operand(value: Any, task: StepTask) -> str:
    """Return an operand's value, with the name of where it comes from."""
    try:
        resolved = task.resolve(value)
    except ExpressionError:  # evaluate has resolved it before
        resolved = "?"
    found = references(value)
    if not found:
        return f"{resolved!r}"
    path = value.get("Std:JsonGet", {}).get("Path") if isinstance(value, Mapping) else None
    name = f"{found[0].name}'s {path}" if path else found[0].path or found[0].name
    return f"{name} ({resolved!r})"


HANDLER = ConditionHandler()
