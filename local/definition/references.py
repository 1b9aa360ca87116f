"""Finds what a value refers to: parameters, execution variables, other steps' properties and property files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from local.definition.findings import Json, Where

EXECUTION_VARIABLES = (
    "CurrentDateTime",
    "PipelineArn",
    "PipelineExecutionArn",
    "PipelineExecutionId",
    "PipelineName",
    "ProcessingJobName",
    "StartDateTime",
    "TrainingJobName",
)
"""Names the service fills in at run time. Source: the SageMaker Python SDK's `ExecutionVariables`."""

FUNCTIONS = ("Std:Join", "Std:JsonGet")

_STEP = re.compile(r"Steps\.([A-Za-z0-9_\-]+)(?:\.(.+)|(\[.+))?", re.DOTALL)
_FILE = re.compile(r"PropertyFiles(?:\.([^\[\]]+)|\['([^']+)'\])")

_LOOP = re.compile(r"(?:ForEach\.(CurrentItem)(?=$|[.\[])|IterationOutput\.)\.?(.*)", re.DOTALL)

Kind = Literal["parameter", "execution", "property", "property_file", "loop", "malformed"]


_NAMESPACES: dict[str, Kind] = {"Parameters": "parameter", "Execution": "execution"}


@dataclass(frozen=True)
class Reference:
    """One reference inside a value.

    `name` is the parameter, execution variable or step; `path` is the property path below the step, the name of the
    property file, or the path inside a loop's item; `where` is the place of the expression inside the value.
    """

    kind: Kind
    name: str
    path: str
    where: Where
    text: str


def is_expression(value: Json) -> bool:
    """Whether the service would resolve this object rather than pass it on as it stands."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    key = next(iter(value))
    return key == "Get" or (isinstance(key, str) and key.startswith("Std:"))


def read_get(text: Json, where: Where = ()) -> Reference:
    """Reads the text of a `Get`, such as `Steps.Train.ModelArtifacts.S3ModelArtifacts`."""
    if not isinstance(text, str):
        return Reference("malformed", "", "", where, repr(text))
    namespace, _, rest = text.partition(".")
    if namespace in _NAMESPACES and rest:
        return Reference(_NAMESPACES[namespace], rest, "", where, text)
    loop = _LOOP.fullmatch(text)
    if loop is not None:
        return Reference("loop", loop.group(1) or "IterationOutput", loop.group(2) or "", where, text)
    return _read_step(text, where)


def _read_step(text: str, where: Where) -> Reference:
    step = _STEP.fullmatch(text)
    if step is None:
        return Reference("malformed", "", "", where, text)
    path = step.group(2) or step.group(3) or ""
    file = _FILE.fullmatch(path)
    if file is not None:
        return Reference("property_file", step.group(1), file.group(1) or file.group(2), where, text)
    return Reference("property", step.group(1), path, where, text)


def walk(value: Json, where: Where = ()) -> Iterator[tuple[Where, dict[str, Json]]]:
    """Yields every expression in a value with its place, outer ones before those inside them."""
    if isinstance(value, dict):
        if is_expression(value):
            yield where, value
        for key, child in value.items():
            yield from walk(child, (*where, str(key)))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from walk(child, (*where, index))


def references(value: Json) -> list[Reference]:
    """Lists every reference in a value, in document order."""
    found = []
    for where, expression in walk(value):
        if "Get" in expression:
            found.append(read_get(expression["Get"], where))
    return found
