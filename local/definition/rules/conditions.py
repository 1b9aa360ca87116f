"""Conditions are of a kind that exists, complete, and compare values of one type."""

from __future__ import annotations

import math
from collections.abc import Iterator

from local.definition.document import Step
from local.definition.expressions import COMPARISONS
from local.definition.findings import Json, Where, quote, suggest
from local.definition.kinds import Kind, kind_of
from local.definition.references import is_expression
from local.definition.rule import Rule, Subject, Wrong

_MEMBERS = {
    **dict.fromkeys(COMPARISONS, ("LeftValue", "RightValue")),
    "In": ("QueryValue", "Values"),
    "Not": ("Condition",),
    "Or": ("Conditions",),
}
_FAMILIES: dict[Kind, str] = {"String": "text", "Integer": "a number", "Float": "a number", "Boolean": "true or false"}


def _check(subject: Subject) -> Iterator[Wrong]:
    for step in subject.steps:
        if step.type == "Condition":
            where = (*step.where, "Arguments", "Conditions")
            yield from _check_list(subject, step, where, step.arguments.get("Conditions"))
            for name in step.arguments:
                if name not in ("Conditions", "IfSteps", "ElseSteps"):
                    fix = suggest(str(name), ("Conditions", "IfSteps", "ElseSteps"), "argument")
                    yield Wrong((*where[:-1], str(name)), f"{name} is not an argument of a condition step.", fix)


def _check_list(subject: Subject, step: Step, where: Where, conditions: Json) -> Iterator[Wrong]:
    if not isinstance(conditions, list) or not conditions:
        yield Wrong(where, "Conditions must be a list of at least one condition.", "Add what is to be decided.")
        return
    for index, condition in enumerate(conditions):
        yield from _check_condition(subject, step, (*where, index), condition)


def _check_condition(subject: Subject, step: Step, where: Where, condition: Json) -> Iterator[Wrong]:
    kind = condition.get("Type") if isinstance(condition, dict) else None
    if not isinstance(kind, str) or kind not in _MEMBERS:
        message = f"{quote(kind)} is not a condition that pipelines have."
        yield Wrong((*where, "Type"), message, suggest(str(kind), _MEMBERS, "condition"))
        return
    for name in condition:
        if name not in ("Type", *_MEMBERS[kind]):
            fix = suggest(str(name), _MEMBERS[kind], "member")
            yield Wrong((*where, str(name)), f"{name} is not a member of the condition {kind}.", fix)
    missing = [name for name in _MEMBERS[kind] if condition.get(name) is None]
    for name in missing:
        yield Wrong((*where, name), f"The condition {kind} has no {name}.", f"Add {name}.")
    if missing:
        return
    if kind == "Not":
        yield from _check_condition(subject, step, (*where, "Condition"), condition["Condition"])
    elif kind == "Or":
        yield from _check_list(subject, step, (*where, "Conditions"), condition["Conditions"])
    else:
        yield from _check_operands(subject, step, where, condition)


def _check_operands(subject: Subject, step: Step, where: Where, condition: dict[str, Json]) -> Iterator[Wrong]:
    kind = condition["Type"]
    if kind == "In":
        values = condition["Values"]
        if not isinstance(values, list) and not is_expression(values):
            yield Wrong((*where, "Values"), f"Values must be a list, and is {quote(values)}.", "Write it as a list.")
            return
        operands = [("QueryValue", condition["QueryValue"]), *(("Values", each) for each in _list(values))]
    else:
        operands = [(name, condition[name]) for name in _MEMBERS[kind]]
    families = []
    for name, value in operands:
        if isinstance(value, float) and not math.isfinite(value):
            yield Wrong((*where, name), f"{name} is {value}, which nothing can be compared with.", "Write a number.")
        family = kind_of(value, step, subject)
        if family == "Object" or value is None:
            yield Wrong(
                (*where, name), f"{name} holds {quote(value)}, and conditions compare single values.", "Refer to one."
            )
        elif family is not None:
            families.append(_FAMILIES[family])
    if len(set(families)) > 1:
        message = f"{kind} compares {' with '.join(dict.fromkeys(families))}, which cannot be decided."
        yield Wrong(where, message, "Compare values of one type; a parameter's Type says what it is.")
    elif kind not in ("Equals", "In") and "true or false" in families:
        yield Wrong(where, f"{kind} compares true and false, which have no order.", "Use Equals.")


def _list(values: Json) -> list[Json]:
    return values if isinstance(values, list) else []


RULE = Rule(
    id="conditions",
    description="Conditions exist, have their members, and compare values of one type.",
    source="SageMaker Python SDK, sagemaker.core.workflow.conditions; aws/sagemaker-python-sdk issue 2746: members",
    check=_check,
)
