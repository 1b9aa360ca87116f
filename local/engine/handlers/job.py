"""What the step types that start one job share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local.definition.document import Step
from local.engine.progress import RAN, Activity, Progress
from local.engine.task import StepTask
from local.jobs.interface import Handle, JobContext, Runner
from local.jobs.records import STOP_REQUESTED
from local.store.names import arn


class JobHandler:
    """Runs a step type whose arguments are a Create request, by a job runner."""

    def __init__(self, step_type: str, runner: Runner, resource: str, not_keyed: tuple[str, ...]) -> None:
        self.type = step_type
        self.not_keyed: tuple[str, ...] | None = not_keyed
        self._runner = runner
        self._resource = resource

    def validate(self, step: Step, arguments: Mapping[str, Any]) -> list[str]:
        """Ask the runner."""
        del step
        return self._runner.validate(arguments)

    def arguments(self, task: StepTask) -> dict[str, Any]:
        """Return the request."""
        resolved: dict[str, Any] = task.resolve(task.step.arguments)
        return resolved

    def start(self, task: StepTask, arguments: Mapping[str, Any]) -> Activity:
        """Start the job."""
        return JobActivity(self._runner, task, arguments, self._resource)


class JobActivity:
    """A step that waits for its job."""

    def __init__(
        self,
        runner: Runner,
        task: StepTask,
        request: Mapping[str, Any],
        resource: str,
        name: str | None = None,
        how: str = RAN,
    ) -> None:
        name = name or task.job_name()
        self._runner = runner
        self._how = how
        self._store = task.store
        self._job = {"kind": runner.kind, "name": name, "arn": arn(f"{resource}/{name}")}
        self._stopped = False
        context = JobContext(task.store, name, task.log, task.sandbox, task.background, task.threads)
        self._handle: Handle = runner.start(request, context)

    def poll(self) -> Progress:
        """Move the job on."""
        self._look_for_wish()
        state = self._runner.poll(self._handle)
        if not state.has_ended:
            status = "Executing" if state.status == "InProgress" else state.status
            return self._progress(status)
        # The service stops a job that ran too long; nobody asked for that, so the step has failed.
        stopped = state.status == "Stopped" and self._stopped
        status = "Succeeded" if state.status == "Completed" else "Stopped" if stopped else "Failed"
        return replace(
            self._progress(status),
            reason=None if status == "Succeeded" else state.reason,
            exception=state.fault if status == "Failed" else None,
            outputs=self._runner.outputs(self._handle),
            properties=self._runner.describe(self._handle),
        )

    def _progress(self, status: str) -> Progress:
        metrics = {name: list(series) for name, series in self._runner.metrics(self._handle).items()}
        return Progress(status, how=self._how, job=self._job, handle=dict(self._handle), metrics=metrics)

    def _look_for_wish(self) -> None:
        """Stop the job where its Stop operation was called: clients only write the wish into its record."""
        if not self._stopped:
            found = self._store.resources.get(self._runner.kind, self._job["name"])
            if found is not None and found.body.get(STOP_REQUESTED):
                self.stop()

    def stop(self) -> None:
        """Ask the job to end."""
        self._stopped = True
        self._runner.stop(self._handle)
