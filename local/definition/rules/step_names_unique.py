"""No two steps share a name, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterable

from local.definition.findings import Finding
from local.definition.model import namesakes
from local.definition.rule import Rule, Subject


def _check(subject: Subject) -> Iterable[Finding]:
    return namesakes(subject.reading)


RULE = Rule(
    id="step-names-unique",
    description="Step names are unique in the whole pipeline, branches and loops included.",
    source="SageMaker Python SDK, PipelineGraph: 'Pipeline steps cannot have duplicate names.'",
    check=_check,
)
