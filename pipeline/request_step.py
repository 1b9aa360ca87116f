"""Steps with exactly the request they are given, where the SDK's own would invent names or add settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sagemaker.core.workflow.properties import Properties
from sagemaker.mlops.workflow.steps import CacheConfig, Step, StepTypeEnum


class RequestStep(Step):  # type: ignore[misc] # the SDK has no types
    """A step whose arguments are a request of the service; `shape` is that of the response that describes it."""

    def __init__(
        self,
        name: str,
        step_type: StepTypeEnum,
        shape: str,
        request: dict[str, Any],
        *,
        display_name: str,
        description: str,
        depends_on: Sequence[Any] | None = None,
        cache: CacheConfig | None = None,
    ) -> None:
        super().__init__(name, display_name, description, step_type, depends_on)
        self._request = request
        self._properties = Properties(step_name=name, step=self, shape_name=shape)
        self._cache = cache

    @property
    def arguments(self) -> dict[str, Any]:
        """The request."""
        return self._request

    @property
    def properties(self) -> Properties:
        """What the service's description holds, for steps that follow."""
        return self._properties

    def to_request(self) -> dict[str, Any]:
        """Return the step as the definition writes it."""
        return {**super().to_request(), **(self._cache.config if self._cache is not None else {})}
