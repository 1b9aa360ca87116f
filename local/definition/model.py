"""The definition side's front door for the engine: parse a definition, bind its parameters.

Loads fast: the standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping

from local.definition.document import CacheConfig, Definition, Parameter, PropertyFile, Step
from local.definition.findings import DefinitionError, Finding, Json, ParameterError, quote, show
from local.definition.parameters import bind_parameters
from local.definition.reader import Reading, read

__all__ = [
    "CacheConfig",
    "Definition",
    "DefinitionError",
    "Finding",
    "Parameter",
    "ParameterError",
    "PropertyFile",
    "Step",
    "bind_parameters",
    "namesakes",
    "parse",
]


def parse(raw: Mapping[str, Json]) -> Definition:
    """Reads a definition's JSON object.

    Checks its structure only; `local.definition.validate` holds it against the service's rules.

    Raises:
        DefinitionError: the JSON does not have a definition's structure, or two steps share a name; all findings.
    """
    reading = read(raw)
    findings = reading.findings + namesakes(reading)
    if findings:
        raise DefinitionError(findings)
    return reading.definition


def namesakes(reading: Reading) -> list[Finding]:
    """Finds steps whose name an earlier step has, wherever they stand."""
    first: dict[str, Step] = {}
    found = []
    for step in reading.steps:
        holder = first.setdefault(step.name, step)
        if step.name and holder is not step:
            path = show((*step.where, "Name"), step.name)
            message = f"The name {quote(step.name)} is already that of {holder.path}."
            fix = "Step names are unique in a whole pipeline, branches included; rename one of the two."
            found.append(Finding("step-names-unique", path, message, fix, where=(*step.where, "Name")))
    return found
