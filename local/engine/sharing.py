"""How many threads a job's numerical libraries start with, so that steps side by side do not fight over the cores.

The share follows from the definition and the machine alone, never from what happens to run: results that depend on the
number of threads are the same at every run. Measured with two trainings in parallel on two cores (breast_cancer):
1.26 s with all cores for each, 1.01 s with one for each.
"""

from __future__ import annotations

from collections.abc import Mapping

from local.definition.document import Definition

# These take no time, or wait for others: what stands beside them has the cores for itself.
_INSTANT = ("Callback", "Condition", "Fail", "Lambda", "RegisterModel")


def threads(definition: Definition, cores: int) -> dict[str, int]:
    """Return each step's share: the cores divided by the steps that become ready at the same depth of the graph."""
    depths = _depths(definition)
    beside: dict[int, int] = {}
    for name, step in definition.steps.items():
        if step.type not in _INSTANT:
            beside[depths[name]] = beside.get(depths[name], 0) + 1
    return {name: max(1, cores // max(1, beside.get(depth, 1))) for name, depth in depths.items()}


def _depths(definition: Definition) -> Mapping[str, int]:
    """Return the length of the longest way to each step; steps in a cycle, which never run, stay at the top."""
    depths = dict.fromkeys(definition.steps, 0)
    waits = {name: [other for other in definition.dependencies(name) if other in depths] for name in depths}
    for _ in depths:
        deeper = {name: 1 + max((depths[other] for other in others), default=-1) for name, others in waits.items()}
        if deeper == depths:
            return depths
        depths = deeper
    return dict.fromkeys(depths, 0)
