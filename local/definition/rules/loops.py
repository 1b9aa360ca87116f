"""ForEach steps have items, a concurrency and a body of steps that may stand in one."""

from __future__ import annotations

from collections.abc import Iterator

from local.definition.document import Step
from local.definition.findings import quote
from local.definition.references import is_expression
from local.definition.rule import Rule, Subject, Wrong

MOST_ITEMS = 100
MOST_CONCURRENT = 50
_NOT_IN_A_BODY = ("Condition", "Fail", "ForEach")


def _check(subject: Subject) -> Iterator[Wrong]:
    for step in subject.steps:
        if step.type == "ForEach":
            yield from _check_loop(step)
        if step.loop is not None and step.type in _NOT_IN_A_BODY:
            message = f"A step of type {step.type} cannot stand in the body of a ForEach step."
            yield Wrong((*step.where, "Type"), message, "Move it out of ForEachBody.")
    for reader, where, reference in subject.references:
        inside = reader is not None and (reader.loop is not None or reference.name == "IterationOutput")
        if reference.kind == "loop" and not inside:
            message = f"{quote(reference.text)} has a value only inside the body of a ForEach step."
            yield Wrong((*where, "Get"), message, "Refer to Steps.NAME.Selected or Steps.NAME.IterationOutputs[0].")


def _check_loop(step: Step) -> Iterator[Wrong]:
    where = (*step.where, "Arguments")
    items = step.arguments.get("IterableItems")
    if not is_expression(items) and not (isinstance(items, list) and 1 <= len(items) <= MOST_ITEMS):
        message = f"IterableItems must be a reference to a JSON list or a list of 1 to {MOST_ITEMS} items."
        yield Wrong((*where, "IterableItems"), message, "Name what to iterate over.")
    limit = step.arguments.get("MaxConcurrency")
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MOST_CONCURRENT:
        message = f"MaxConcurrency must be a whole number from 1 to {MOST_CONCURRENT}, and is {quote(limit)}."
        yield Wrong((*where, "MaxConcurrency"), message, "Say how many items may run at once.")
    body = step.arguments.get("ForEachBody")
    if body is None or body == []:
        yield Wrong((*where, "ForEachBody"), "ForEachBody must have at least one step.", "Add the steps to repeat.")


RULE = Rule(
    id="loops",
    description="ForEach steps have items, a concurrency from 1 to 50, and a body without conditions and loops.",
    source="SageMaker Python SDK v3, sagemaker.mlops.workflow.for_each_step",
    check=_check,
)
