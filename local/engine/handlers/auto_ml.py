"""AutoML steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local.automl.runner import AutoMLRunner
from local.definition.document import Step
from local.engine.handlers.tuning import tuning_job_name
from local.engine.progress import EMULATED, Activity, Progress
from local.engine.task import StepTask
from local.jobs.interface import Handle, JobContext
from local.store.names import arn


class AutoMLHandler:
    """Searches model families for the best one."""

    type = "AutoML"
    not_keyed: tuple[str, ...] | None = (
        "AutoMLJobConfig.SecurityConfig",
        "AutoMLJobName",
        "OutputDataConfig",
        "RoleArn",
        "Tags",
    )

    def __init__(self) -> None:
        self._runner = AutoMLRunner()

    def validate(self, step: Step, arguments: Mapping[str, Any]) -> list[str]:
        """Name what cannot be searched here."""
        del step
        return self._runner.validate(arguments)

    def arguments(self, task: StepTask) -> dict[str, Any]:
        """Return the request."""
        resolved: dict[str, Any] = task.resolve(task.step.arguments)
        return resolved

    def start(self, task: StepTask, arguments: Mapping[str, Any]) -> Activity:
        """Start the job."""
        return AutoMLActivity(self._runner, task, arguments)


class AutoMLActivity:
    """A step that waits for its job and says how far it is."""

    def __init__(self, runner: AutoMLRunner, task: StepTask, request: Mapping[str, Any]) -> None:
        # Both kinds of job have names of at most 32 characters, and both are made in the same way.
        name = tuning_job_name(task)
        self._runner = runner
        self._job = {"kind": runner.kind, "name": name, "arn": arn(f"automl-job/{name}")}
        self._stopped = False
        context = JobContext(task.store, name, task.log, task.sandbox, task.background, task.threads)
        self._handle: Handle = runner.start(request, context)

    def poll(self) -> Progress:
        """Move the job on."""
        state = self._runner.poll(self._handle)
        if not state.has_ended:
            status = "Executing" if state.status == "InProgress" else state.status
            return replace(self._progress(status), reason=self._runner.progress(self._handle))
        stopped = state.status == "Stopped" and self._stopped
        status = "Succeeded" if state.status == "Completed" else "Stopped" if stopped else "Failed"
        return replace(
            self._progress(status),
            reason=state.reason,
            outputs=self._runner.outputs(self._handle),
            properties=self._runner.describe(self._handle),
        )

    def stop(self) -> None:
        """Ask the job to end."""
        self._stopped = True
        self._runner.stop(self._handle)

    def _progress(self, status: str) -> Progress:
        metrics = {name: list(series) for name, series in self._runner.metrics(self._handle).items()}
        return Progress(status, how=EMULATED, job=self._job, handle=dict(self._handle), metrics=metrics)


HANDLER = AutoMLHandler()
