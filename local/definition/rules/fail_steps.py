"""Fail steps have a message that the service can hold."""

from __future__ import annotations

from collections.abc import Iterator

from local.definition.models import named_shape
from local.definition.rule import Rule, Subject, Wrong
from local.definition.shapes import Checker


def _check(subject: Subject) -> Iterator[Wrong]:
    for step in subject.steps:
        if step.type != "Fail":
            continue
        where = (*step.where, "Arguments", "ErrorMessage")
        message = step.arguments.get("ErrorMessage")
        if message is None:
            yield Wrong(where, f"The step {step.name} has no ErrorMessage.", "Say why the execution fails.")
            continue
        for fault in Checker(expressions=True).run(message, named_shape("String3072"), where):
            yield Wrong(where, f"ErrorMessage {fault.message}", fault.fix)


RULE = Rule(
    id="fail-steps",
    description="A Fail step has an ErrorMessage of at most 3,072 characters.",
    source="SageMaker API Reference: FailStepMetadata; SDK FailStep",
    check=_check,
)
