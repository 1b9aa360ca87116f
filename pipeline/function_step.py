"""Lambda steps: a deployed function, invoked with arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sagemaker.core.workflow.properties import Properties
from sagemaker.mlops.workflow.steps import Step, StepTypeEnum

from pipeline.placeholders import mark


class FunctionStep(Step):  # type: ignore[misc] # the SDK has no types
    """A Lambda step with exactly the function, arguments and outputs it is given.

    The SDK's own, ``LambdaStep``, is made to create and change functions, and warns when it is not to.
    """

    def __init__(
        self,
        name: str,
        function: str,
        arguments: Mapping[str, Any],
        outputs: Sequence[str],
        *,
        display_name: str,
        description: str,
        depends_on: Sequence[Any] | None = None,
    ) -> None:
        super().__init__(name, display_name, description, StepTypeEnum.LAMBDA, depends_on)
        self._function = function
        self._arguments = dict(arguments)
        self._outputs = tuple(outputs)
        self._properties = Properties(step_name=name, step=self)

    @property
    def arguments(self) -> dict[str, Any]:
        """The event: single values, as the service takes no nested ones."""
        return self._arguments

    @property
    def properties(self) -> Properties:
        """The step's properties; what the function returns is read with ``output``."""
        return self._properties

    def output(self, name: str) -> Properties:
        """Return what the function returned under a name, for steps that follow."""
        if name not in self._outputs:
            raise ValueError(f"{self.name} has no output {name!r}. It has: {', '.join(self._outputs)}.")
        return Properties(step_name=self.name, path=f"OutputParameters['{name}']", step=self)

    def to_request(self) -> dict[str, Any]:
        """Return the step as the definition writes it: all outputs are text."""
        return {
            **super().to_request(),
            "FunctionArn": mark(self._function),
            "OutputParameters": [{"OutputName": name, "OutputType": "String"} for name in self._outputs],
        }
