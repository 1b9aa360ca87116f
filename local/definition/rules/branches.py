"""Steps outside a branch do not wait for steps inside it, which may never run."""

from __future__ import annotations

from collections.abc import Iterator

from local.definition.document import Step
from local.definition.findings import Where
from local.definition.graph import branches
from local.definition.rule import Rule, Subject, Wrong
from local.definition.rules.depends_on import place


def _check(subject: Subject) -> Iterator[Wrong]:
    for step, where, reference in subject.references:
        if step is not None and reference.kind in ("property", "property_file"):
            yield from _check_pair(subject, step, reference.name, (*where, "Get"), "reads")
    for step in subject.steps:
        for name in step.depends_on:
            yield from _check_pair(subject, step, name, place(step, name), "waits for")


def _check_pair(subject: Subject, step: Step, name: str, where: Where, verb: str) -> Iterator[Wrong]:
    steps = subject.definition.steps
    other = subject.step_named(name, step)
    if other is None or other is step:
        return
    holder = steps.get(step.loop, step) if step.loop is not None else step
    mine = dict(branches(holder, steps))
    for condition, when in branches(other, steps):
        if mine.get(condition) == when:
            continue
        branch = "IfSteps" if when else "ElseSteps"
        if condition in mine:
            message = (
                f"The step {step.name} {verb} {name}, and only one of the two will run: {name} stands in the other "
            )
            message += f"branch of {condition}."
            fix = "Move one of them, or what both need, out of the branches."
        elif condition == step.name:
            message = f"The condition {condition} {verb} {name}, which runs only once the condition is decided."
            fix = f"Move {name} out of {branch}."
        else:
            message = f"The step {step.name} {verb} {name}, which may never run: it stands in {branch} of {condition}."
            fix = f"Move {step.name} into {branch} of {condition}, or {name} out of it."
        yield Wrong(where, message, fix)
        return


RULE = Rule(
    id="branches",
    description="A step waits only for steps outside all branches or in branches around itself.",
    source="aws/sagemaker-python-sdk issue 3565: steps after a condition; SDK ConditionStep",
    check=_check,
)
