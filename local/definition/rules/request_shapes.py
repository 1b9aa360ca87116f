"""The request of every job that a step will start fits the service's shape."""

from __future__ import annotations

from collections.abc import Iterator

from local.definition.findings import subject as subject_of
from local.definition.findings import suggest
from local.definition.rule import Rule, Subject, Wrong
from local.definition.shapes import RULE as RULE_ID


def _check(subject: Subject) -> Iterator[Wrong]:
    for request in subject.requests:
        for fault in request.faults:
            yield Wrong(fault.where, f"{subject_of(fault.where)} {fault.message}", fault.fix)
    for step, kind in subject.kinds():
        members = (*kind.parts, *kind.plain)
        for name in step.arguments if kind.parts else ():
            if name not in members:
                message = f"{name} is not an argument of a step of type {step.type}."
                yield Wrong((*step.where, "Arguments", str(name)), message, suggest(str(name), members, "argument"))


RULE = Rule(
    id=RULE_ID,
    description="Types, required and unknown members, limits, patterns and enumerations of each request.",
    source="SageMaker API Reference: the Create operations, as botocore's service model gives them",
    check=_check,
)
