"""The interface of what runs a step type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from local.definition.document import Step
from local.engine.progress import Activity
from local.engine.task import StepTask


class Handler(Protocol):
    """Runs the steps of one type."""

    type: str
    """The type as definitions write it."""

    not_keyed: tuple[str, ...] | None
    """For types whose results can be cached: the members of their arguments that make no other result."""

    def validate(self, step: Step, arguments: Mapping[str, Any]) -> list[str]:
        """Name everything that cannot run here; in `arguments` references to other steps are unresolved yet."""

    def arguments(self, task: StepTask) -> dict[str, Any]:
        """Return what the step runs with, resolved; raises ExpressionError."""

    def start(self, task: StepTask, arguments: Mapping[str, Any]) -> Activity:
        """Start the step."""
