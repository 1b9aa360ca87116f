"""Callback steps: a message with a token to a queue, and a wait until somebody answers the token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sagemaker.core.workflow.properties import Properties
from sagemaker.mlops.workflow.steps import Step, StepTypeEnum

from pipeline.placeholders import mark


class CallbackStep(Step):  # type: ignore[misc] # the SDK has no types
    """A Callback step with exactly the queue, arguments and outputs it is given; the queue's name is a placeholder's.

    The SDK's own wants to know the queue's URL, and whether it is one.
    """

    def __init__(
        self,
        name: str,
        queue: str,
        arguments: Mapping[str, Any],
        outputs: Sequence[str],
        *,
        display_name: str,
        description: str,
        depends_on: Sequence[Any] | None = None,
    ) -> None:
        super().__init__(name, display_name, description, StepTypeEnum.CALLBACK, depends_on)
        self._queue = queue
        self._arguments = dict(arguments)
        self._outputs = tuple(outputs)
        self._properties = Properties(step_name=name, step=self)

    @property
    def arguments(self) -> dict[str, Any]:
        """What the message carries: single values, as the service takes no nested ones."""
        return self._arguments

    @property
    def properties(self) -> Properties:
        """The step's properties."""
        return self._properties

    def to_request(self) -> dict[str, Any]:
        """Return the step as the definition writes it: all outputs are text."""
        return {
            **super().to_request(),
            "SqsQueueUrl": mark(self._queue),
            "OutputParameters": [{"OutputName": name, "OutputType": "String"} for name in self._outputs],
        }
