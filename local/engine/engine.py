"""The loop that executes a definition: starts what is ready, follows what runs, sleeps until there is news."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from functools import partial

from local.definition.document import Step
from local.definition.expressions import ExpressionError, resolve
from local.definition.model import Definition
from local.engine import handlers, retrying, unsupported
from local.engine.caching import CachedActivity, off
from local.engine.ledger import Ledger
from local.engine.loops import items
from local.engine.outcome import outcome
from local.engine.progress import Activity, Done, Progress
from local.engine.retrying import RetriedActivity
from local.engine.schedule import RUN, SKIP, Schedule
from local.engine.selection import is_reused
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

MIN_PARALLEL = 2

log = logging.getLogger(__name__)


class LeaseLostError(Exception):
    """Another process owns the execution now; this one must let go of it."""


class Engine:
    """Executes one execution, from the records that are there to the end."""

    def __init__(
        self, store: Store, execution: Execution, definition: Definition, ledger: Ledger, sandbox: Sandbox, owner: str
    ) -> None:
        self._store = store
        self._execution = execution
        self._definition = definition
        self._ledger = ledger
        self._sandbox = sandbox
        self._owner = owner
        self._wakeup = Wakeup()
        self._background = Background(self._wakeup.wake)
        self._schedule = Schedule(definition, ledger.records)
        self._threads = threads(definition, cpu_count())
        self._activities: dict[str, Activity] = {}
        self._told_to_stop = False
        self._stopping = False
        self._renewed = time.monotonic()

    def run(self) -> tuple[str, str | None]:
        """Execute to the end; returns the execution's status and the reason of a failure.

        Raises:
            LeaseLostError: another process took the execution over; running jobs were ended.
        """
        self._wakeup.watch_children()
        try:
            self._ledger.load()
            self._take_up_loops()
            while self._advance():
                self._wakeup.wait(LOOK_SECONDS)
            return outcome(self._definition, self._ledger.records, stopping=self._stopping)
        except BaseException:
            self._drop_jobs()
            raise
        finally:
            self._wakeup.close()

    def _take_up_loops(self) -> None:
        """Find the children of the loops that an earlier attempt has completed."""
        for name, record in list(self._ledger.records.items()):
            if record.type == "ForEach" and record.status == "Succeeded" and not is_reused(record):
                step = self._definition.steps[name]
                self._ledger.loop(step, items(resolve(step.arguments.get("IterableItems"), self._ledger.context)))

    def request_stop(self) -> None:
        """Stop as if the user had asked for it; safe in a signal handler."""
        self._told_to_stop = True
        self._wakeup.wake()

    def _advance(self) -> bool:
        """Do everything that can be done now; False once nothing runs and nothing will."""
        self._keep_lease()
        self._look_for_stop()
        busy = True
        while busy:
            busy = self._poll() or self._start_ready()
        if self._activities:
            self._ledger.save_metrics(self._activities)
            self._ledger.write_summary("Stopping" if self._stopping else "Executing")
        return bool(self._activities)

    def _start_ready(self) -> bool:
        """Start or skip waiting steps; says whether any step changed."""
        found = False
        self._schedule.look()
        for name in list(self._ledger.records):
            record = self._ledger.records[name]
            if record.status != "Waiting":
                continue
            if self._stopping:
                self._skip(record, f"{name} did not run: the execution stopped.")
                found = True
                continue
            decision = self._schedule.decide(name)
            if decision.what == SKIP:
                self._skip(record, decision.reason)
                found = True
            elif decision.what == RUN and self._has_room(self._definition.steps[name]):
                self._begin(record)
                found = True
        return found

    def _skip(self, record: StepRecord, reason: str | None) -> None:
        self._ledger.update(replace(record, status="NotExecuted", reason=reason))

    def _begin(self, record: StepRecord) -> None:
        # One that waited for its next attempt when its engine ended waits on, and then has that attempt.
        attempt = max(1, record.attempt + (0 if retrying.waits(record.handle) else 1))
        self._ledger.update(replace(record, status="Starting", attempt=attempt, started=time.time()))
        step = self._definition.steps[record.name]
        task = StepTask(
            self._store,
            self._execution,
            step,
            attempt,
            self._ledger.context,
            self._sandbox,
            self._background,
            self._threads.get(record.name, 1),
            partial(self._ledger.loop, step),
        )
        found = retrying.policies(task.step)
        state = (retrying.kept(record.handle) or {}).get(retrying.MEMBER)
        self._activities[record.name] = RetriedActivity(task, _start, found, state) if found else _start(task)

    def _poll(self) -> bool:
        """Hear from everything that runs; says whether a step ended."""
        found = False
        for name, activity in list(self._activities.items()):
            progress = activity.poll()
            record = progress.onto(self._ledger.records[name])
            if progress.has_ended:
                found = True
                del self._activities[name]
                record = replace(record, ended=time.time(), handle=None, cache=record.cache or off(record.type))
            self._ledger.update(record)
        return found

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
            for activity in self._activities.values():
                activity.stop()

    def _drop_jobs(self) -> None:
        """End what runs, and leave the records as they are: whoever goes on with the execution takes them up."""
        for name in self._activities:
            handle = self._ledger.records[name].handle
            if handle is not None:
                clear(self._store, handle)

    def _has_room(self, step: Step) -> bool:
        """Say whether one more step may run: a loop takes no room itself, and bounds its children once more."""
        if step.type == "ForEach":
            return True
        running = [self._definition.steps[name] for name in self._activities]
        if len([each for each in running if each.type != "ForEach"]) >= self._limit():
            return False
        if step.loop is None:
            return True
        limit = self._definition.steps[step.loop].arguments.get("MaxConcurrency") or 1
        return len([each for each in running if each.loop == step.loop]) < int(limit)

    def _limit(self) -> int:
        given = (self._execution.body.get("ParallelismConfiguration") or {}).get("MaxParallelExecutionSteps")
        return int(given) if given else max(MIN_PARALLEL, cpu_count())


def _start(task: StepTask) -> Activity:
    """Start a step; one that cannot start has failed."""
    if task.attempt > 1:
        note(task.log, f"Attempt {task.attempt}")
    handler = handlers.find(task.step.type)
    if handler is None:
        return Done(Progress("Failed", f"{task.step.name} {unsupported.sentence(task.step.type)}"))
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
