"""Tuning steps search something, by an objective that their trials report, as their strategy can."""

from __future__ import annotations

from collections.abc import Iterator

from local.definition.rule import Rule, Subject, Wrong


def _check(subject: Subject) -> Iterator[Wrong]:
    for step in subject.steps:
        if step.type != "Tuning":
            continue
        # What the laptop's own runner holds against a request is what the service would, ranges and strategies alike.
        from local.tuning.validation import validate  # noqa: PLC0415 - only definitions that tune pay for it

        for problem in validate(step.arguments, lambda _: []):
            message, _, fix = problem.partition("; ")
            yield Wrong(
                (*step.where, "Arguments"),
                f"The step {step.name} {message.rstrip('.')}.",
                f"{fix[:1].upper()}{fix[1:]}" if fix else "",
            )


RULE = Rule(
    id="tuning",
    description="Ranges have bounds in order and fitting scales, the objective is defined, strategies get theirs.",
    source="SageMaker API Reference: HyperParameterTuningJobConfig; Developer Guide, 'Define Hyperparameter Ranges'",
    check=_check,
)
