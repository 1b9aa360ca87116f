"""Tuning steps."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local.definition.document import Step
from local.engine.handlers.job import JobActivity
from local.engine.handlers.training import HANDLER as TRAINING
from local.engine.progress import Activity, Progress
from local.engine.task import StepTask
from local.jobs.training import TrainingRunner
from local.tuning.runner import TuningRunner

_NAME_LENGTH = 32
_RANDOM_LENGTH = 10


class TuningHandler:
    """Searches hyperparameters by training jobs."""

    type = "Tuning"
    not_keyed: tuple[str, ...] | None = (
        "HyperParameterTuningJobConfig.ResourceLimits.MaxRuntimeInSeconds",
        "HyperParameterTuningJobName",
        "Tags",
        *(
            f"{holder}.{member}"
            for holder in ("TrainingJobDefinition", "TrainingJobDefinitions")
            for member in TRAINING.not_keyed or ()
        ),
    )

    def __init__(self) -> None:
        self._runner = TuningRunner(TrainingRunner())

    def validate(self, step: Step, arguments: Mapping[str, Any]) -> list[str]:
        """Name ranges, objectives and trials that cannot be run."""
        del step
        return self._runner.validate(arguments)

    def arguments(self, task: StepTask) -> dict[str, Any]:
        """Return the request."""
        resolved: dict[str, Any] = task.resolve(task.step.arguments)
        return resolved

    def start(self, task: StepTask, arguments: Mapping[str, Any]) -> Activity:
        """Start the tuning job."""
        return TuningActivity(self._runner, task, arguments)


class TuningActivity(JobActivity):
    """A step that waits for its tuning job and says how far it is."""

    def __init__(self, runner: TuningRunner, task: StepTask, request: Mapping[str, Any]) -> None:
        super().__init__(runner, task, request, "hyper-parameter-tuning-job", tuning_job_name(task))
        self._tuning = runner
        # The service has no log for a tuning job: its trainings' streams begin with its name.
        self._job |= {"log_group": "/aws/sagemaker/TrainingJobs", "log_stream": f"{self._job['name']}-"}

    def poll(self) -> Progress:
        """Move the job on."""
        found = super().poll()
        if found.status in ("Executing", "Succeeded"):
            return replace(found, reason=self._tuning.progress(self._handle))
        return found


def tuning_job_name(task: StepTask) -> str:
    """Return the name of a step's tuning job as the service makes them: 32 characters with the execution's id.

    It is the same at every attempt: a step that is taken up again goes on with the trials it has finished.
    """
    digest = hashlib.sha256(f"{task.execution.arn}/{task.step.name}".encode()).hexdigest()[:_RANDOM_LENGTH]
    room = _NAME_LENGTH - len(task.execution.id) - len(digest) - 2
    shown = re.sub(r"[^A-Za-z0-9]+", "-", task.step.name)[: max(0, room)].strip("-")
    return "-".join(part for part in (task.execution.id, shown, digest) if part)[:_NAME_LENGTH].strip("-")


HANDLER = TuningHandler()
