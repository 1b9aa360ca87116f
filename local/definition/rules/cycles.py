"""No step waits, directly or not, for itself."""

from __future__ import annotations

from collections.abc import Iterator

from local.definition import graph
from local.definition.rule import Rule, Subject, Wrong


def _check(subject: Subject) -> Iterator[Wrong]:
    steps = subject.definition.steps
    # A step that reads itself, and a condition that reads its own branch, are told of by rules that say it better.
    around = {name: {name, *(holder for holder, _ in graph.branches(step, steps))} for name, step in steps.items()}
    edges = {
        name: [other for other in subject.definition.dependencies(name) if other != name and name not in around[other]]
        for name in steps
    }
    for cycle in graph.cycles(edges):
        message = f"These steps wait for one another: {' → '.join(_shortened(cycle))}."
        yield Wrong((*steps[cycle[0]].where, "Name"), message, "Remove one of the dependencies between them.")


def _shortened(cycle: list[str]) -> list[str]:
    return cycle if len(cycle) <= 12 else [*cycle[:6], "…", *cycle[-5:]]


RULE = Rule(
    id="cycles",
    description="The steps and what they wait for make a graph without cycles.",
    source="SageMaker Developer Guide: Pipelines overview, 'directed acyclic graph'",
    check=_check,
)
