"""Selective execution: some steps run, and what they need of the others is taken from a reference execution.

Source: SageMaker Developer Guide, 'Selective execution of pipeline steps', and the API's SelectiveExecutionConfig.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from local.definition.document import Definition
from local.engine.progress import RAN
from local.store.executions import Execution
from local.store.steps import StepRecord

REUSED = "reused"
MEMBER = "SelectiveExecutionConfig"
REFERENCES = ("Succeeded", "CompletedWithFailures", "Failed", "Stopped")
"""When an execution can be a reference. Source: the SageMaker Python SDK's `SelectiveExecutionConfig`."""


def is_reused(record: StepRecord) -> bool:
    """Say whether a step's result was taken over from a reference execution."""
    return record.cache is not None and record.cache["result"] == REUSED


def selected(execution: Execution) -> list[str] | None:
    """Return the steps that an execution is to run; None where it runs all."""
    config = execution.body.get(MEMBER)
    return None if not config else [str(entry["StepName"]) for entry in config.get("SelectedSteps", [])]


def source(execution: Execution) -> str | None:
    """Return the ARN of the reference execution, where there is one."""
    found = (execution.body.get(MEMBER) or {}).get("SourcePipelineExecutionArn")
    return None if found is None else str(found)


def needed(definition: Definition, names: Iterable[str]) -> list[str]:
    """Return the steps outside a selection that the selected ones wait for or read directly."""
    chosen = set(names)
    waited = {other for name in chosen if name in definition.steps for other in definition.dependencies(name)}
    return [name for name in definition.steps if name in waited and name not in chosen]


def problems(definition: Definition, names: Sequence[str], reference: Mapping[str, StepRecord] | None) -> list[str]:
    """Return a sentence for everything that keeps a selection from running; `reference` is None without one."""
    unknown = [name for name in names if name not in definition.steps]
    found = [f"The selected step {name} is not in the pipeline." for name in unknown]
    found += [f"The step {name} is selected twice." for name in dict.fromkeys(names) if list(names).count(name) > 1]
    if unknown:
        return found
    found += _gaps(definition, names)
    for name in needed(definition, names):
        readers = [each for each in names if name in definition.dependencies(each)]
        found += _missing(definition, name, readers, reference)
    return found


def _gaps(definition: Definition, names: Sequence[str]) -> list[str]:
    """Every step on every way between two selected steps must be selected as well."""
    chosen = set(names)
    below = _reach(definition, names, upwards=False)
    above = _reach(definition, names, upwards=True)
    between = [name for name in definition.steps if name in below and name in above and name not in chosen]
    return [f"The step {name} lies between selected steps: select it as well." for name in between]


def _reach(definition: Definition, names: Sequence[str], *, upwards: bool) -> set[str]:
    edges: dict[str, list[str]] = {name: [] for name in definition.steps}
    for name in definition.steps:
        for other in definition.dependencies(name):
            if upwards:
                edges[name].append(other)
            else:
                edges[other].append(name)
    seen: set[str] = set()
    waiting = [other for name in names for other in edges[name]]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += edges[name]
    return seen


def _missing(
    definition: Definition, name: str, readers: Sequence[str], reference: Mapping[str, StepRecord] | None
) -> list[str]:
    wanted = f"{', '.join(readers)} {'needs' if len(readers) == 1 else 'need'} what {name} gives"
    if reference is None:
        return [f"{wanted}, and there is no execution to take it from: select {name} as well, or name a reference."]
    record = reference.get(name)
    if record is None or record.status != "Succeeded":
        how = "has no such step" if record is None else f"has {name} as {record.status}"
        return [f"{wanted}, and the reference execution {how}: select {name} as well, or name another reference."]
    for reader in readers:
        branch = definition.steps[reader].branch
        if branch is not None and branch[0] == name and record.outcome is not branch[1]:
            return [
                f"{reader} stands in the branch of {name} that the reference execution did not take: select {name}."
            ]
    return []


def place(
    definition: Definition, execution: Execution, records: Mapping[str, StepRecord], reference: Mapping[str, StepRecord]
) -> dict[str, StepRecord]:
    """Return the records of the steps that are not selected: taken over from the reference, or never to run."""
    chosen = selected(execution)
    if chosen is None:
        return {}
    above = _reach(definition, chosen, upwards=True)
    found: dict[str, StepRecord] = {}
    for name, record in records.items():
        earlier = reference.get(name)
        if name in chosen or record.status == "Succeeded":
            continue
        if name in above and earlier is not None and earlier.status == "Succeeded":
            found[name] = _reused(record, earlier, execution)
        else:
            reason = f"{name} did not run: it was not selected."
            found[name] = replace(record, status="NotExecuted", reason=reason)
    return found


def _reused(record: StepRecord, earlier: StepRecord, execution: Execution) -> StepRecord:
    cache: dict[str, Any] = {
        "result": REUSED,
        "source": source(execution),
        "reason": "Not selected: the result of the reference execution is reused.",
    }
    return replace(
        record,
        status="Succeeded",
        reason=None,
        how=earlier.how or RAN,
        started=execution.created,
        ended=execution.created,
        cache=cache,
        outcome=earlier.outcome,
        job=earlier.job,
        outputs=earlier.outputs,
        properties=earlier.properties,
        metrics=earlier.metrics,
    )
