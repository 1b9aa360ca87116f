"""How an execution ends, read off its steps.

Source: the SageMaker Python SDK's `StepDependency`: where steps run on a failed one, the execution ends in
`CompletedWithFailures`. That a failure counts as seen to only where such a step has succeeded is ours.
"""

from __future__ import annotations

from collections.abc import Mapping

from local.definition.document import Definition
from local.store.steps import StepRecord

WAIT_FOR_FAILURE = ("Failed", "Any")


def outcome(definition: Definition, records: Mapping[str, StepRecord], *, stopping: bool) -> tuple[str, str | None]:
    """Return an execution's final status, and the reason of its first failure."""
    failed = [record for record in records.values() if record.status == "Failed"]
    if failed:
        first = min(failed, key=lambda record: record.ended or 0.0)
        reason = first.reason if first.type == "Fail" else f"Step {first.name} failed: {first.reason}"
        mended = not stopping and all(
            _seen_to(definition, records, record) for record in failed if _alone(definition, record)
        )
        return ("CompletedWithFailures" if mended else "Failed"), reason
    stopped = next((record for record in records.values() if record.status == "Stopped"), None)
    if stopping or stopped is None:
        return ("Stopped" if stopping else "Succeeded"), None
    return "Stopped", f"Step {stopped.name} was stopped."


def _seen_to(definition: Definition, records: Mapping[str, StepRecord], failed: StepRecord) -> bool:
    """Say whether a step that waited for this failure has succeeded. A Fail step means what it says."""
    if failed.type == "Fail":
        return False
    return any(
        record.status == "Succeeded" and definition.dependencies(name).get(failed.name) in WAIT_FOR_FAILURE
        for name, record in records.items()
    )


def _alone(definition: Definition, record: StepRecord) -> bool:
    """Say whether a step stands for itself; a loop's children do not: the loop fails with them."""
    return definition.steps[record.name].loop is None
