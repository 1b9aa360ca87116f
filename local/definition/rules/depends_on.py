"""Explicit dependencies name steps that exist."""

from __future__ import annotations

from collections.abc import Iterator

from local.definition.document import Step
from local.definition.findings import Where, quote, suggest
from local.definition.rule import Rule, Subject, Wrong


def _check(subject: Subject) -> Iterator[Wrong]:
    for step in subject.steps:
        for name in step.depends_on:
            if name == step.name:
                yield Wrong(place(step, name), f"The step {name} depends on itself.", "Remove it from DependsOn.")
            elif subject.step_named(name, step) is None:
                message = f"DependsOn names {quote(name)}, and there is no such step."
                yield Wrong(place(step, name), message, suggest(name, subject.definition.steps, "step"))


def place(step: Step, name: str) -> Where:
    """Where a step's DependsOn names another."""
    for index, entry in enumerate(step.raw.get("DependsOn") or []):
        if entry == name or (isinstance(entry, dict) and entry.get("Step") == name):
            return (*step.where, "DependsOn", index)
    return (*step.where, "DependsOn")


RULE = Rule(
    id="depends-on",
    description="Every name in DependsOn is a step's, and not the step's own.",
    source="SageMaker Developer Guide: Pipelines steps, 'Custom dependency between steps'",
    check=_check,
)
