"""Fail steps: end the execution with a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.definition.document import Step
from local.engine.progress import RAN, Activity, Done, Progress
from local.engine.task import StepTask


class FailHandler:
    """Fails with the step's message."""

    type = "Fail"
    not_keyed: tuple[str, ...] | None = None

    def validate(self, step: Step, arguments: Mapping[str, Any]) -> list[str]:
        """Nothing in a Fail step is beyond the laptop."""
        del step, arguments
        return []

    def arguments(self, task: StepTask) -> dict[str, Any]:
        """Return the message."""
        return {"ErrorMessage": str(task.resolve(task.step.arguments.get("ErrorMessage", "")))}

    def start(self, task: StepTask, arguments: Mapping[str, Any]) -> Activity:
        """Fail."""
        message = arguments["ErrorMessage"] or f"The pipeline ended at {task.step.name}."
        return Done(Progress("Failed", reason=message, how=RAN, properties={"ErrorMessage": message}))


HANDLER = FailHandler()
