"""References name parameters, execution variables and steps that exist."""

from __future__ import annotations

from collections.abc import Iterator

from local.definition.document import Step
from local.definition.findings import Where, quote, suggest
from local.definition.references import EXECUTION_VARIABLES, Reference
from local.definition.rule import Rule, Subject, Wrong


def _check(subject: Subject) -> Iterator[Wrong]:
    for step, where, reference in subject.references:
        wrong = _fault(subject, step, reference)
        if wrong is not None:
            yield Wrong(_place(where), *wrong)


def _place(where: Where) -> Where:
    return (*where, "Get")


def _fault(subject: Subject, step: Step | None, reference: Reference) -> tuple[str, str] | None:
    name = reference.name
    if reference.kind == "malformed":
        fix = "Write it as Parameters.NAME, Execution.VARIABLE or Steps.NAME.PROPERTY."
        return f"{quote(reference.text)} is not a reference.", fix
    if reference.kind == "parameter" and name not in subject.definition.parameters:
        return f"There is no parameter {quote(name)}.", suggest(name, subject.definition.parameters, "parameter")
    if reference.kind == "execution" and name not in EXECUTION_VARIABLES:
        return f"There is no execution variable {quote(name)}.", suggest(name, EXECUTION_VARIABLES, "variable")
    if reference.kind in ("property", "property_file") and subject.step_named(name, step) is None:
        return _unknown_step(subject, name)
    if step is not None and reference.kind in ("property", "property_file") and name == step.name:
        return f"The step {step.name} refers to itself.", "Refer to another step's result."
    return None


def _unknown_step(subject: Subject, name: str) -> tuple[str, str]:
    body = subject.definition.loop_steps.get(name)
    if body is not None:
        fix = f"Refer to Steps.{body.loop}.IterationOutputs[0].{name}, or to what its Selector picks."
        return f"The step {name} runs once for each item of {body.loop} and cannot be read by its name.", fix
    return f"There is no step {quote(name)}.", suggest(name, subject.definition.steps, "step")


RULE = Rule(
    id="references",
    description="Every Get names a parameter, an execution variable or a step that exists.",
    source="SageMaker Developer Guide: Pipelines steps, 'Data dependency between steps'; SDK ExecutionVariables",
    check=_check,
)
