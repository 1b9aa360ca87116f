"""One step about to run, with everything a handler needs to run it."""

from __future__ import annotations

import hashlib
import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.definition.document import Step
from local.definition.expressions import Context, resolve
from local.engine.loops import Iterations
from local.jobs.background import Background
from local.jobs.sandbox import Sandbox
from local.store.executions import Execution
from local.store.store import Store

_RANDOM_LENGTH = 10
_NAME_LENGTH = 63
_ALPHABET = string.ascii_letters + string.digits


def _no_loop(_items: Sequence[Any]) -> Iterations:
    message = "Only an engine can make a loop's children."
    raise NotImplementedError(message)


@dataclass(frozen=True)
class StepTask:
    """A step of an execution, at one attempt."""

    store: Store
    execution: Execution
    step: Step
    attempt: int
    context: Context
    sandbox: Sandbox
    background: Background
    threads: int
    loop: Callable[[Sequence[Any]], Iterations] = _no_loop
    """Of a ForEach step: makes its children, one set for each item."""

    @property
    def log(self) -> Path:
        """The step's log."""
        return self.store.home.step_log(self.execution.id, self.step.name)

    def resolve(self, value: Any) -> Any:
        """Return a value with its expressions resolved; ExpressionError where one has no value."""
        return resolve(value, _WithJobName(self))

    def job_name(self) -> str:
        """Return the name of the step's job, as the service makes them, the same for the same attempt."""
        seed = f"{self.execution.arn}/{self.step.name}/{self.attempt}"
        number = int.from_bytes(hashlib.sha256(seed.encode()).digest())
        letters = ""
        for _ in range(_RANDOM_LENGTH):
            number, index = divmod(number, len(_ALPHABET))
            letters += _ALPHABET[index]
        start = f"pipelines-{self.execution.id}-"
        room = _NAME_LENGTH - len(start) - 1 - _RANDOM_LENGTH
        shown = re.sub(r"[^A-Za-z0-9]+", "-", self.step.name)[:room].strip("-")
        return f"{start}{shown}-{letters}"


class _WithJobName:
    """An execution's context as a step's own arguments see it: they may name the job that the step will start."""

    def __init__(self, task: StepTask) -> None:
        self._task = task
        self.parameter = task.context.parameter
        self.property = task.context.property
        self.property_file = task.context.property_file
        self.read_json = task.context.read_json

    def execution(self, name: str) -> Any:
        """Return an execution variable, `TrainingJobName` and `ProcessingJobName` among them."""
        own = name == f"{self._task.step.type}JobName"
        return self._task.job_name() if own else self._task.context.execution(name)
