"""Everything in a definition that the laptop cannot run, named before its first step starts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from local.definition.document import Definition, Step
from local.definition.expressions import ExpressionError, resolve
from local.definition.references import is_expression
from local.engine import durations, handlers, unsupported
from local.functions import manifest
from local.store.store import Store

# Names become files of logs, and parts of jobs' names.
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def preflight(definition: Definition, parameters: Mapping[str, Any], store: Store | None = None) -> list[str]:
    """Return a sentence for each thing that cannot run. `parameters` are bound; those missing stay unresolved.

    With a store, the functions that Lambda steps invoke must be known there.
    """
    found = []
    for step in definition.every_step():
        problems = _problems(step, parameters) + ([] if store is None else _unknown(step, parameters, store))
        found += [f"Step {step.name} {problem}" for problem in problems]
    return found


def _unknown(step: Step, parameters: Mapping[str, Any], store: Store) -> list[str]:
    name = _partly(step.settings.get("FunctionArn"), _Parameters(parameters)) if step.type == "Lambda" else None
    return [manifest.unknown(name)] if isinstance(name, str) and manifest.find(store, name) is None else []


def _problems(step: Step, parameters: Mapping[str, Any]) -> list[str]:
    if not _NAME.fullmatch(step.name):
        return ["has a name that is more than letters, digits, hyphens and underscores, or longer than 64."]
    handler = handlers.find(step.type)
    if handler is None:
        return [unsupported.sentence(step.type)]
    problems = []
    expiry = step.cache.expire_after if step.cache is not None else None
    if expiry is not None and durations.seconds(expiry) is None:
        problems.append(f"has the cache expiry {expiry!r}; write an ISO 8601 duration such as P30D or PT2H.")
    return problems + handler.validate(step, _partly(step.arguments, _Parameters(parameters)))


def _partly(value: Any, context: _Parameters) -> Any:
    """Resolve what parameters alone decide; leave other expressions as they stand."""
    if is_expression(value):
        try:
            return resolve(value, context)
        except ExpressionError:
            return value
    if isinstance(value, dict):
        return {key: _partly(child, context) for key, child in value.items()}
    if isinstance(value, list):
        return [_partly(child, context) for child in value]
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
