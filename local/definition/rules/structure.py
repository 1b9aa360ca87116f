"""The definition's structure: objects, lists and texts where they belong."""

from __future__ import annotations

from collections.abc import Iterable

from local.definition.findings import Finding
from local.definition.rule import Rule, Subject


def _check(subject: Subject) -> Iterable[Finding]:
    return subject.reading.findings


RULE = Rule(
    id="structure",
    description="Steps, parameters and their members have the types that the service reads.",
    source="Pipeline definition JSON schema (SageMaker Developer Guide, Pipelines overview)",
    check=_check,
)
