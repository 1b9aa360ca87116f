"""Everything in a definition that the laptop cannot run, named before its first step starts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from local.definition.document import Definition, Step
from local.definition.durations import parse_duration
from local.engine import handlers, unsupported
from local.engine.partly import partly
from local.functions import manifest
from local.hosting import containers
from local.store.store import Store

# Names become files of logs, and parts of jobs' names.
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
# The step types that have a model served.
_SERVING = ("EndpointConfig", "Transform")


def preflight(definition: Definition, parameters: Mapping[str, Any], store: Store | None = None) -> list[str]:
    """Return a sentence for each thing that cannot run. `parameters` are bound; those missing stay unresolved.

    With a store, the functions that Lambda steps invoke must be known there.
    """
    found = []
    served = _served(definition)
    for step in definition.every_step():
        problems = _problems(step, parameters) + ([] if store is None else _unknown(step, parameters, store))
        if step.name in served:
            problems += containers.unserved(partly(step.arguments, parameters))
        found += [f"Step {step.name} {problem}" for problem in problems]
    return found


def _served(definition: Definition) -> set[str]:
    """Return the names of the Model steps whose models other steps serve."""
    readers = [step for step in definition.every_step() if step.type in _SERVING]
    read = {reference.name for step in readers for reference in step.references if reference.kind == "property"}
    return {step.name for step in definition.every_step() if step.type == "Model" and step.name in read}


def _unknown(step: Step, parameters: Mapping[str, Any], store: Store) -> list[str]:
    name = partly(step.settings.get("FunctionArn"), parameters) if step.type == "Lambda" else None
    return [manifest.unknown(name)] if isinstance(name, str) and manifest.find(store, name) is None else []


def _problems(step: Step, parameters: Mapping[str, Any]) -> list[str]:
    if not _NAME.fullmatch(step.name):
        return ["has a name that is more than letters, digits, hyphens and underscores, or longer than 64."]
    handler = handlers.find(step.type)
    if handler is None:
        return [unsupported.sentence(step.type)]
    problems = []
    expiry = step.cache.expire_after if step.cache is not None else None
    if expiry is not None:
        try:
            parse_duration(expiry)
        except ValueError as error:
            problems.append(f"has a cache expiry that cannot be read: {error}")
    return problems + handler.validate(step, partly(step.arguments, parameters))
