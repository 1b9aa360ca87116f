"""AutoML steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local.automl.runner import AutoMLRunner
from local.engine.handlers.job import JobActivity, JobHandler
from local.engine.handlers.tuning import tuning_job_name
from local.engine.progress import EMULATED, Activity, Progress
from local.engine.task import StepTask

_RESOURCE = "automl-job"
_STANDS_IN = "A search over model families stands in for Autopilot"


class AutoMLHandler(JobHandler):
    """Searches model families for the best model."""

    def __init__(self) -> None:
        self._search = AutoMLRunner()
        super().__init__(
            "AutoML",
            self._search,
            _RESOURCE,
            not_keyed=("AutoMLJobConfig.SecurityConfig", "AutoMLJobName", "OutputDataConfig", "RoleArn", "Tags"),
        )

    def start(self, task: StepTask, arguments: Mapping[str, Any]) -> Activity:
        """Start the job."""
        return AutoMLActivity(self._search, task, arguments)


class AutoMLActivity(JobActivity):
    """A step that waits for its job, and says how far it is and what stands in for the service."""

    def __init__(self, runner: AutoMLRunner, task: StepTask, request: Mapping[str, Any]) -> None:
        # Both kinds of job have names of at most 32 characters, and both are made in the same way.
        super().__init__(runner, task, request, _RESOURCE, tuning_job_name(task))
        self._search = runner

    def poll(self) -> Progress:
        """Move the job on."""
        found = replace(super().poll(), how=EMULATED)
        if found.status in ("Executing", "Succeeded"):
            return replace(found, reason=f"{_STANDS_IN}: {self._search.progress(self._handle)}")
        return found


HANDLER = AutoMLHandler()
