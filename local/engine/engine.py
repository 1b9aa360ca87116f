"""The loop that executes a definition: starts what is ready, follows what runs, sleeps until there is news."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local.definition.expressions import ExpressionError
from local.definition.model import Definition
from local.engine import events, handlers, summary
from local.engine.caching import CachedActivity, off
from local.engine.context import ExecutionContext
from local.engine.progress import Activity, Done, Progress
from local.engine.runtime import differences
from local.engine.schedule import RUN, SKIP, Schedule
from local.engine.sharing import threads
from local.engine.task import StepTask
from local.engine.wakeup import Wakeup
from local.jobs.background import Background
from local.jobs.environment import cpu_count
from local.jobs.leftovers import clear
from local.jobs.log import note
from local.jobs.sandbox import Sandbox
from local.store.executions import LEASE_SECONDS, Execution
from local.store.steps import StepRecord
from local.store.store import Store

LOOK_SECONDS = 0.1
"""How often jobs' logs are read and the wish to stop is looked for."""

SAVE_SECONDS = 1.0
"""How often metrics of running steps are saved."""

MIN_PARALLEL = 2

log = logging.getLogger(__name__)


class LeaseLostError(Exception):
    """Another process owns the execution now; this one must let go of it."""


class Engine:
    """Executes one execution, from the records that are there to the end."""

    def __init__(
        self,
        store: Store,
        execution: Execution,
        definition: Definition,
        parameters: Mapping[str, Any],
        sandbox: Sandbox,
        owner: str,
    ) -> None:
        self._store = store
        self._execution = execution
        self._definition = definition
        self._parameters = parameters
        self._sandbox = sandbox
        self._owner = owner
        self._started = execution.created
        self._wakeup = Wakeup()
        self._background = Background(self._wakeup.wake)
        self._activities: dict[str, Activity] = {}
        self._records: dict[str, StepRecord] = {}
        self._stopping = False
        self._told_to_stop = False
        self._renewed = time.monotonic()
        self._saved = 0.0
        self._changed = True
        self._differences = differences(_images(definition))
        self._context = ExecutionContext(
            execution, definition, parameters, self._records, store.objects, execution.created
        )
        self._threads = threads(definition, cpu_count())
        self._schedule = Schedule(definition, self._records)

    def run(self) -> tuple[str, str | None]:
        """Execute to the end; returns the execution's status and the reason of a failure.

        Raises:
            LeaseLostError: another process took the execution over; running jobs were ended.
        """
        self._wakeup.watch_children()
        try:
            self._load()
            while self._advance():
                self._wakeup.wait(LOOK_SECONDS)
            return self._end()
        except BaseException:
            self._drop_jobs()
            raise
        finally:
            self._wakeup.close()

    def refuse(self) -> None:
        """Record that no step runs, because the definition cannot run here."""
        for position, (name, step) in enumerate(self._definition.steps.items()):
            reason = f"{name} did not run: the laptop cannot run this pipeline."
            record = StepRecord(self._execution.arn, name, position, step.type, status="NotExecuted", reason=reason)
            self._records[name] = record
        self._store.steps.save(*self._records.values())

    def request_stop(self) -> None:
        """Stop as if the user had asked for it; safe in a signal handler."""
        self._told_to_stop = True
        self._wakeup.wake()

    def write_summary(self, status: str, reason: str | None, ended: float | None) -> None:
        """Write execution.json."""
        content = summary.compose(
            self._execution,
            self._definition,
            self._parameters,
            self._records,
            self._context,
            status=status,
            reason=reason,
            started=self._started,
            ended=ended,
            differences=self._differences,
        )
        summary.write(self._store.objects, self._execution, content)

    def _load(self) -> None:
        """Take up the records of an earlier attempt: what succeeded stays, what was under way is undone."""
        earlier = {record.name: record for record in self._store.steps.of(self._execution.arn)}
        for position, (name, step) in enumerate(self._definition.steps.items()):
            fresh = StepRecord(self._execution.arn, name, position, step.type)
            record = earlier.get(name)
            if record is not None and record.status != "Succeeded":
                if record.handle is not None:
                    clear(self._store, record.handle)
                record = replace(fresh, attempt=record.attempt)
            self._records[name] = record or fresh
        self._store.steps.save(*self._records.values())

    def _advance(self) -> bool:
        """Do everything that can be done now; False once nothing runs and nothing will."""
        self._keep_lease()
        self._look_for_stop()
        busy = True
        while busy:
            busy = self._poll() or self._start_ready()
        if self._changed:
            self._changed = False
            if self._activities:
                self.write_summary("Stopping" if self._stopping else "Executing", None, None)
        return bool(self._activities)

    def _start_ready(self) -> bool:
        """Start or skip waiting steps; says whether any step changed."""
        found = False
        for name, record in list(self._records.items()):
            if record.status != "Waiting":
                continue
            if self._stopping:
                self._save(replace(record, status="NotExecuted", reason=f"{name} did not run: the execution stopped."))
                found = True
                continue
            decision = self._schedule.decide(name)
            if decision.what == SKIP:
                self._save(replace(record, status="NotExecuted", reason=decision.reason))
                found = True
            elif decision.what == RUN and len(self._activities) < self._limit():
                self._begin(record)
                found = True
        return found

    def _begin(self, record: StepRecord) -> None:
        name, attempt = record.name, record.attempt + 1
        log.info("step %s starts (attempt %d)", name, attempt)
        step = self._definition.steps[name]
        self._save(replace(record, status="Starting", attempt=attempt, started=time.time()))
        if attempt > 1:
            note(self._store.home.step_log(self._execution.id, name), f"Attempt {attempt}")
        task = StepTask(
            self._store,
            self._execution,
            step,
            attempt,
            self._context,
            self._sandbox,
            self._background,
            self._threads[name],
        )
        self._activities[name] = self._activity(task)

    def _activity(self, task: StepTask) -> Activity:
        handler = handlers.find(task.step.type)
        if handler is None:
            return Done(Progress("Failed", f"The laptop does not run steps of type {task.step.type} yet."))
        try:
            arguments = handler.arguments(task)
            problems = handler.validate(task.step, arguments)
            if problems:
                return Done(Progress("Failed", " ".join(f"{task.step.name} {problem}" for problem in problems)))
            if handler.not_keyed is not None and task.step.cache is not None and task.step.cache.enabled:
                return CachedActivity(task, handler, arguments)
            return handler.start(task, arguments)
        except ExpressionError as error:
            return Done(Progress("Failed", str(error)))

    def _poll(self) -> bool:
        """Hear from everything that runs; says whether a step ended."""
        ended = False
        for name, activity in list(self._activities.items()):
            before = self._records[name]
            progress = activity.poll()
            after = progress.onto(before)
            if after.cache is None and progress.has_ended:
                after = replace(after, cache=off(after.type))
            if progress.has_ended:
                del self._activities[name]
                after = replace(after, ended=time.time(), handle=None)
                ended = True
            if _differs(before, after):
                self._save(after)
            else:
                self._records[name] = after
        self._save_metrics()
        return ended

    def _save(self, record: StepRecord) -> None:
        before, now = self._records[record.name], time.time()
        self._records[record.name] = record
        self._changed = True
        with self._store.database.transaction():
            self._store.steps.save(record)
            if record.status not in (before.status, "NotExecuted"):
                events.step_changed(self._store, self._execution, before, record, now)
        if before.status != record.status:
            log.info("step %s: %s%s", record.name, record.status, f" ({record.reason})" if record.reason else "")

    def _save_metrics(self) -> None:
        running = [self._records[name] for name in self._activities if self._records[name].metrics]
        if running and time.monotonic() - self._saved > SAVE_SECONDS:
            self._saved = time.monotonic()
            self._store.steps.save(*running)
            self._changed = True

    def _keep_lease(self) -> None:
        if time.monotonic() - self._renewed < LEASE_SECONDS / 5:
            return
        self._renewed = time.monotonic()
        if not self._store.executions.renew(self._execution.arn, self._owner, time.time()):
            raise LeaseLostError

    def _look_for_stop(self) -> None:
        if self._stopping:
            return
        if self._told_to_stop:
            self._store.executions.request_stop(self._execution.arn, time.time())
        if self._store.executions.stop_requested(self._execution.arn):
            log.info("stopping")
            self._stopping = True
            self._changed = True
            for activity in self._activities.values():
                activity.stop()

    def _drop_jobs(self) -> None:
        """End what runs, and leave the records as they are: whoever goes on with the execution takes them up."""
        for name in self._activities:
            handle = self._records[name].handle
            if handle is not None:
                clear(self._store, handle)

    def _end(self) -> tuple[str, str | None]:
        status, reason = "Succeeded", None
        failed = [record for record in self._records.values() if record.status == "Failed"]
        if failed:
            first = min(failed, key=lambda record: record.ended or 0.0)
            plain = first.type == "Fail"
            status, reason = "Failed", first.reason if plain else f"Step {first.name} failed: {first.reason}"
        elif self._stopping:
            status, reason = "Stopped", None
        return status, reason

    def _limit(self) -> int:
        given = (self._execution.body.get("ParallelismConfiguration") or {}).get("MaxParallelExecutionSteps")
        return int(given) if given else max(MIN_PARALLEL, cpu_count())


def _differs(before: StepRecord, after: StepRecord) -> bool:
    return replace(before, metrics={}) != replace(after, metrics={})


def _images(definition: Definition) -> set[str]:
    found: set[str] = set()
    for step in definition.steps.values():
        for part, member in (("AppSpecification", "ImageUri"), ("AlgorithmSpecification", "TrainingImage")):
            holder = step.arguments.get(part)
            image = holder.get(member) if isinstance(holder, dict) else None
            if isinstance(image, str):
                found.add(image)
    return found
