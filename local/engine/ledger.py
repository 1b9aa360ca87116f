"""The records of an execution's steps: the engine's live view, the database, the events and execution.json in step."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from local.definition.document import Step
from local.definition.model import Definition
from local.engine import events, retrying, selection, summary
from local.engine.context import ExecutionContext
from local.engine.loops import Iterations, child_name, expand
from local.engine.runtime import differences
from local.jobs.leftovers import clear
from local.jobs.requests import items, member
from local.jobs.sandboxes import Choice
from local.store.executions import Execution
from local.store.steps import StepRecord
from local.store.store import Store

SAVE_SECONDS = 1.0
"""How often metrics of running steps are saved."""

SUMMARY_PAUSE = 10.0
"""How long execution.json is left alone after a write, in times of what the write took: it grows with the steps."""

log = logging.getLogger(__name__)


class Ledger:
    """Holds the records by step name, in document order, and writes down every change."""

    def __init__(
        self, store: Store, execution: Execution, definition: Definition, parameters: Mapping[str, Any], choice: Choice
    ) -> None:
        self.records: dict[str, StepRecord] = {}
        self.context = ExecutionContext(execution, definition, parameters, self.records, store.objects)
        self._store = store
        self._execution = execution
        self._definition = definition
        self._parameters = parameters
        self._choice = choice
        self._differences = differences(_images(definition))
        if choice.difference is not None:
            self._differences.append(choice.difference)
        self._metrics_saved = 0.0
        self._changed = True
        self._next_summary = 0.0

    def load(self) -> None:
        """Take up the records of an earlier attempt: what succeeded stays, what was under way is undone."""
        earlier = {record.name: record for record in self._store.steps.of(self._execution.arn)}
        for position, (name, step) in enumerate(self._definition.steps.items()):
            self.records[name] = self._taken_up(step, position, earlier.get(name))
        reference = selection.source(self._execution)
        reused = {record.name: record for record in self._store.steps.of(reference)} if reference else {}
        self.records.update(selection.place(self._definition, self._execution, self.records, reused))
        self._store.steps.save(*self.records.values())

    def _taken_up(self, step: Step, position: int, earlier: StepRecord | None) -> StepRecord:
        fresh = StepRecord(self._execution.arn, step.name, position, step.type)
        if earlier is None:
            return fresh
        if earlier.status == "Succeeded":
            return replace(earlier, position=position)
        if earlier.handle is not None:
            clear(self._store, earlier.handle)
        return replace(fresh, attempt=earlier.attempt, handle=retrying.kept(earlier.handle))

    def loop(self, step: Step, items: Sequence[Any]) -> Iterations:
        """Take in the children of a ForEach step, with what an earlier attempt has done of them.

        Raises:
            ExpressionError: an item has no such field as the loop's body reads.
        """
        body = [each for each in self._definition.loop_steps.values() if each.loop == step.name]
        children = expand(step, body, items)
        self._definition.adopt(step.name, children)
        earlier = {record.name: record for record in self._store.steps.of(self._execution.arn)}
        known, made = dict(self.records), {child.name for child in children}
        self.records.clear()
        for position, (name, each) in enumerate(self._definition.steps.items()):
            if name in made:
                self.records[name] = self._taken_up(each, position, earlier.get(name))
            else:
                self.records[name] = replace(known[name], position=position)
        self._store.steps.save(*self.records.values())
        self._changed = True
        names = [{each.name: child_name(each.name, index) for each in body} for index in range(len(items))]
        return Iterations(names, self.records)

    def refuse(self) -> None:
        """Record that no step runs, because the definition cannot run here."""
        for position, (name, step) in enumerate(self._definition.steps.items()):
            reason = f"{name} did not run: the laptop cannot run this pipeline."
            self.records[name] = StepRecord(
                self._execution.arn, name, position, step.type, status="NotExecuted", reason=reason
            )
        self._store.steps.save(*self.records.values())

    def update(self, record: StepRecord) -> None:
        """Take in a step's new record; written down at once where more than its metrics changed."""
        before, now = self.records[record.name], time.time()
        self.records[record.name] = record
        if replace(before, metrics={}) == replace(record, metrics={}):
            return
        self._changed = True
        with self._store.database.transaction():
            self._store.steps.save(record)
            if record.status not in (before.status, "NotExecuted"):
                events.step_changed(self._store, self._execution, before, record, now)
        if before.status != record.status:
            log.info("step %s: %s%s", record.name, record.status, f" ({record.reason})" if record.reason else "")

    def save_metrics(self, running: Iterable[str]) -> None:
        """Write down the metrics of running steps, now and then."""
        found = [self.records[name] for name in running if self.records[name].metrics]
        if found and time.monotonic() - self._metrics_saved > SAVE_SECONDS:
            self._metrics_saved = time.monotonic()
            self._store.steps.save(*found)
            self._changed = True

    def write_summary(self, status: str, reason: str | None = None, ended: float | None = None) -> None:
        """Write execution.json where anything changed since, or the execution has ended."""
        began = time.monotonic()
        if ended is None and (not self._changed or began < self._next_summary):
            return
        self._changed = False
        content = summary.compose(
            self._execution,
            self._definition,
            self._parameters,
            self.records,
            self.context,
            status=status,
            reason=reason,
            ended=ended,
            differences=self._differences,
            sandbox={"kind": self._choice.sandbox.name, "reason": self._choice.reason},
        )
        summary.write(self._store.objects, self._execution, content)
        now = time.monotonic()
        self._next_summary = now + (now - began) * SUMMARY_PAUSE


def _images(definition: Definition) -> set[str]:
    found: set[str] = set()
    for step in definition.steps.values():
        trained = member(step.arguments, "TrainingJobDefinition"), *items(step.arguments, "TrainingJobDefinitions")
        images = [member(each, "AlgorithmSpecification", "TrainingImage") for each in (step.arguments, *trained)]
        images.append(member(step.arguments, "AppSpecification", "ImageUri"))
        found.update(image for image in images if isinstance(image, str))
    return found
