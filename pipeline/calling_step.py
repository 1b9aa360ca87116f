"""What Lambda and Callback steps share: whom they call, with which arguments, and what they are answered."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sagemaker.core.workflow.properties import Properties
from sagemaker.mlops.workflow.steps import Step, StepTypeEnum

from pipeline.placeholders import mark


class CallingStep(Step, ABC):  # type: ignore[misc] # the SDK has no types
    """A step with exactly the arguments and outputs it is given; whom it calls is named by a placeholder."""

    step_type_of_kind: ClassVar[StepTypeEnum]
    called: ClassVar[str]
    """The definition's member that says whom the step calls."""

    def __init__(
        self,
        name: str,
        placeholder: str,
        arguments: Mapping[str, Any],
        outputs: Sequence[str],
        *,
        display_name: str,
        description: str,
        depends_on: Sequence[Any] | None = None,
    ) -> None:
        super().__init__(name, display_name, description, self.step_type_of_kind, depends_on)
        self._placeholder = placeholder
        self._arguments = dict(arguments)
        self._outputs = tuple(outputs)
        self._properties = Properties(step_name=name, step=self)

    @property
    def arguments(self) -> dict[str, Any]:
        """What is sent: single values, as the service takes no nested ones."""
        return self._arguments

    @property
    def properties(self) -> Properties:
        """The step's properties; what is answered is read with ``output``."""
        return self._properties

    def output(self, name: str) -> Properties:
        """Return what was answered under a name, for steps that follow."""
        if name not in self._outputs:
            raise ValueError(f"{self.name} has no output {name!r}. It has: {', '.join(self._outputs)}.")
        return Properties(step_name=self.name, path=f"OutputParameters['{name}']", step=self)

    def to_request(self) -> dict[str, Any]:
        """Return the step as the definition writes it: all outputs are text."""
        return {
            **super().to_request(),
            self.called: mark(self._placeholder),
            "OutputParameters": [{"OutputName": name, "OutputType": "String"} for name in self._outputs],
        }
