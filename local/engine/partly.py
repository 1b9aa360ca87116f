"""Values as far as they are known before an execution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.definition.expressions import ExpressionError, resolve
from local.definition.references import is_expression


def partly(value: Any, parameters: Mapping[str, Any]) -> Any:
    """Resolve what parameters alone decide; leave other expressions as they stand."""
    return _resolved(value, _Parameters(parameters))


def _resolved(value: Any, context: _Parameters) -> Any:
    if is_expression(value):
        try:
            return resolve(value, context)
        except ExpressionError:
            return value
    if isinstance(value, dict):
        return {key: _resolved(child, context) for key, child in value.items()}
    if isinstance(value, list):
        return [_resolved(child, context) for child in value]
    return value


class _Parameters:
    """A context before the execution: parameters are known, nothing else is."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self._parameters = parameters

    def parameter(self, name: str) -> Any:
        return self._parameters[name]

    def execution(self, name: str) -> Any:
        raise LookupError(name)

    def property(self, step: str, path: str) -> Any:
        raise LookupError(step, path)

    def property_file(self, step: str, name: str) -> Any:
        raise LookupError(step, name)

    def read_json(self, s3_uri: str) -> Any:
        raise LookupError(s3_uri)
