"""Which steps may start, and which never will and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from local.definition.document import Definition, Step
from local.store.steps import StepRecord

WAIT, RUN, SKIP = "wait", "run", "skip"
_FAILED = ("Failed", "Stopped")


@dataclass(frozen=True)
class Decision:
    """What is to happen with a waiting step; `reason` says why it will not run."""

    what: str
    reason: str | None = None


_WAITING = Decision(WAIT)
_READY = Decision(RUN)


class Schedule:
    """Decides over waiting steps from the records of the others."""

    def __init__(self, definition: Definition, records: Mapping[str, StepRecord]) -> None:
        self._definition = definition
        self._records = records
        self._failure: StepRecord | None = None

    def look(self) -> None:
        """Look for a failure; once before a round of decisions, which else would look through all steps for each."""
        self._failure = next((record for record in self._records.values() if record.status in _FAILED), None)

    def decide(self, name: str) -> Decision:
        """Say whether a waiting step may run, must wait or will never run."""
        step = self._definition.steps[name]
        branch = self._branch(step)
        if branch.what != RUN:
            return branch
        waiting = False
        for other, trigger in self._definition.dependencies(name).items():
            record = self._records[other]
            if not record.has_ended:
                waiting = True
            elif not _satisfied(record, trigger):
                return Decision(SKIP, f"{name} did not run: {self._cause(record, trigger)}.")
        if waiting:
            return _WAITING
        return _READY if self._handles_failure(name) else self._after_failure(name)

    def _handles_failure(self, name: str) -> bool:
        """Say whether a step is there for a failure: it waited for one, or for a step that did."""
        return any(
            self._records[other].status in _FAILED or self._handles_failure(other)
            for other in self._definition.dependencies(name)
        )

    def _branch(self, step: Step) -> Decision:
        if step.branch is None:
            return _READY
        condition, when = step.branch
        record = self._records[condition]
        if not record.has_ended:
            return _WAITING
        if record.status != "Succeeded":
            return Decision(SKIP, f"{step.name} did not run: {self._cause(record, 'Completed')}.")
        if record.outcome is not when:
            return Decision(SKIP, f"{step.name} did not run: {condition} was {'true' if record.outcome else 'false'}.")
        return _READY

    def _after_failure(self, name: str) -> Decision:
        """A failed or stopped step ends the execution: what runs goes on to its end, nothing else starts."""
        if self._failure is None:
            return _READY
        how = "was stopped" if self._failure.status == "Stopped" else "failed"
        how = "ended the execution" if self._failure.type == "Fail" else how
        return Decision(SKIP, f"{name} did not run: {self._failure.name} {how}.")

    def _cause(self, record: StepRecord, trigger: str) -> str:
        """Say what kept a dependency from giving what was waited for: the first cause, not the nearest."""
        if record.status == "NotExecuted":
            _, found, cause = (record.reason or "").partition(" did not run: ")
            return cause.rstrip(".") if found else f"{record.name} did not run"
        if record.status == "Succeeded":
            return f"{record.name} succeeded, and {trigger.lower()} was waited for"
        return f"{record.name} {'was stopped' if record.status == 'Stopped' else 'failed'}"


def _satisfied(record: StepRecord, trigger: str) -> bool:
    if trigger == "Any":
        return record.status != "NotExecuted"
    wanted = {"Completed": "Succeeded", "Failed": "Failed", "Stopped": "Stopped"}
    return record.status == wanted.get(trigger, "Succeeded")
