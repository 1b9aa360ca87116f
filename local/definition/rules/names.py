"""Names and descriptions have the form and length that the service takes."""

from __future__ import annotations

from collections.abc import Iterator

from local.definition.findings import Where
from local.definition.models import named_shape
from local.definition.rule import Rule, Subject, Wrong
from local.definition.shapes import Checker


def _texts(subject: Subject) -> Iterator[tuple[str, Where, str | None]]:
    for parameter in subject.definition.parameters.values():
        yield "PipelineParameterName", (*parameter.where, "Name"), parameter.name
    for step in subject.steps:
        yield "StepName", (*step.where, "Name"), step.name
        yield "StepDisplayName", (*step.where, "DisplayName"), step.display_name
        yield "StepDescription", (*step.where, "Description"), step.description


def _check(subject: Subject) -> Iterator[Wrong]:
    for shape, where, text in _texts(subject):
        if text is not None:
            for fault in Checker(expressions=False).run(text, named_shape(shape), where):
                yield Wrong(where, f"{where[-1]} {fault.message}", fault.fix)


RULE = Rule(
    id="names",
    description="Names of steps and parameters, display names and descriptions keep to the service's patterns.",
    source="SageMaker API Reference: StepName, StepDisplayName, StepDescription, PipelineParameterName",
    check=_check,
)
