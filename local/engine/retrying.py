"""Retry policies: a failed step is tried again when a policy names what went wrong.

Source: SageMaker Developer Guide, 'Retry Policy for Pipeline Steps': its step types, fields, defaults and limits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from local.definition.document import Step
from local.engine.progress import Activity, Progress
from local.engine.task import StepTask
from local.jobs.faults import JOB_INTERNAL_ERROR, SERVICE_FAULT, THROTTLING
from local.jobs.log import note

MEMBER = "retries"
"""Where a step's handle holds its retries, so that they outlive the engine."""

_TYPES = ("AutoML", "Job", "Model", "Processing", "RegisterModel", "Training", "Transform", "Tuning")
# These try their jobs again by themselves.
_OWN_RETRIES = ("AutoML", "Tuning")
_INTERVAL, _BACKOFF, _ATTEMPTS = 1.0, 2.0, 5
_MINUTE = 60.0


@dataclass(frozen=True)
class Policy:
    """What is tried again, after how many seconds, and until when."""

    exceptions: frozenset[str]
    interval: float = _INTERVAL
    backoff: float = _BACKOFF
    attempts: int | None = _ATTEMPTS
    expires: float | None = None

    def pause(self, used: int, elapsed: float) -> float | None:
        """Return the seconds before the next attempt; None where there is none."""
        seconds = self.interval * self.backoff**used
        if self.attempts is not None and used >= self.attempts:
            return None
        return None if self.expires is not None and elapsed + seconds > self.expires else seconds


def policies(step: Step) -> list[Policy]:
    """Return a step's policies. What the service retries by itself it retries here, unless a policy says otherwise."""
    if step.type not in _TYPES:
        return []
    found = [_read(step, raw) for raw in step.retry_policies]
    named = {name for policy in found for name in policy.exceptions}
    return [*found, Policy(frozenset({SERVICE_FAULT, THROTTLING} - named))]


def _read(step: Step, raw: Mapping[str, Any]) -> Policy:
    names = raw.get("ExceptionType")
    exceptions = {str(name) for name in names} if isinstance(names, list) else set()
    if step.type in _OWN_RETRIES:
        exceptions.discard(JOB_INTERNAL_ERROR)
    expires = raw.get("ExpireAfterMin")
    attempts = raw.get("MaxAttempts")
    return Policy(
        frozenset(exceptions),
        interval=float(raw.get("IntervalSeconds", _INTERVAL)),
        backoff=float(raw.get("BackoffRate", _BACKOFF)),
        attempts=int(attempts) if attempts is not None else None if expires is not None else _ATTEMPTS,
        expires=None if expires is None else float(expires) * _MINUTE,
    )


def kept(handle: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what of a step's handle its next engine needs: how often it was tried, and when it is tried again."""
    return {MEMBER: handle[MEMBER]} if handle and MEMBER in handle else None


def waits(handle: Mapping[str, Any] | None) -> bool:
    """Say whether a step was between two attempts when its engine ended."""
    return bool(handle and handle.get(MEMBER, {}).get("until") is not None)


class RetriedActivity:
    """A step that may be tried again; between two attempts it waits without holding up the engine."""

    def __init__(
        self,
        task: StepTask,
        start: Callable[[StepTask], Activity],
        found: list[Policy],
        state: Mapping[str, Any] | None,
    ) -> None:
        self._task = task
        self._start = start
        self._policies = found
        self._used: list[int] = list((state or {}).get("used", [0] * len(found)))
        self._since = float((state or {}).get("since", time.time()))
        self._until: float | None = (state or {}).get("until")
        self._reason = (state or {}).get("reason")
        self._stopped = False
        self._inner = start(task) if self._until is None else None

    def poll(self) -> Progress:
        """Move the attempt on, or wait for the next one."""
        if self._inner is None:
            if self._stopped:
                return Progress("Stopped", f"The execution was stopped before the next attempt. {self._reason}")
            if self._until is not None and time.time() < self._until:
                return self._waiting()
            self._until = None
            self._task = replace(self._task, attempt=self._task.attempt + 1)
            self._inner = self._start(self._task)
        progress = self._inner.poll()
        if progress.status == "Failed" and not self._stopped and self._try_again(progress):
            return self._waiting()
        return self._noted(progress)

    def stop(self) -> None:
        """End the attempt, or the wait for the next."""
        self._stopped = True
        if self._inner is not None:
            self._inner.stop()

    def _try_again(self, progress: Progress) -> bool:
        now = time.time()
        for index, policy in enumerate(self._policies):
            if progress.exception not in policy.exceptions:
                continue
            pause = policy.pause(self._used[index], now - self._since)
            if pause is None:
                return False
            self._used[index] += 1
            self._until = now + pause
            self._reason = f"Attempt {self._task.attempt} failed with {progress.exception}: {progress.reason}"
            note(self._task.log, f"{self._reason} It is tried again in {pause:g} s.")
            self._inner = None
            return True
        return False

    def _waiting(self) -> Progress:
        return self._noted(Progress("Executing", self._reason))

    def _noted(self, progress: Progress) -> Progress:
        if not any(self._used):
            return progress
        state = {"used": self._used, "since": self._since, "until": self._until, "reason": self._reason}
        # Only what runs has a handle to find it by; one that waits has none of the attempt before.
        handle = {**(progress.handle or {}), MEMBER: state} if progress.handle or self._inner is None else None
        return replace(progress, attempt=self._task.attempt, handle=handle)
