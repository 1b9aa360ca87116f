"""Step types exist."""

from __future__ import annotations

from collections.abc import Iterator

from local.definition.catalog import STEP_KINDS
from local.definition.findings import quote, suggest
from local.definition.rule import Rule, Subject, Wrong


def _check(subject: Subject) -> Iterator[Wrong]:
    for step in subject.steps:
        if step.type and step.type not in STEP_KINDS:
            message = f"{quote(step.type)} is not a type of step that SageMaker has."
            yield Wrong((*step.where, "Type"), message, suggest(step.type, STEP_KINDS, "step type"))


RULE = Rule(
    id="step-types",
    description="Every step's type is one that SageMaker has.",
    source="SageMaker Python SDK, sagemaker.mlops.workflow.steps.StepTypeEnum",
    check=_check,
)
