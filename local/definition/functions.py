"""Resolves a definition's expressions, strictly: what has no value is an error, never a guess.

Source: the functions that the SageMaker Python SDK emits (`sagemaker.core.workflow.functions`) and the developer
guide's section on property files and JsonGet.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Protocol

from local.definition.findings import Json, quote
from local.definition.paths import PathError, select
from local.definition.references import is_expression, read_get, references


class ExpressionError(ValueError):
    """An expression that has no value, or a condition that cannot be decided; the message is a sentence."""


class Context(Protocol):
    """What an execution knows; each method may raise LookupError or ValueError with a sentence."""

    def parameter(self, name: str) -> Json:
        """The value of a parameter."""

    def execution(self, name: str) -> Json:
        """The value of an execution variable, such as PipelineExecutionId."""

    def property(self, step: str, path: str) -> Json:
        """A value out of a finished step's description; `paths.select` follows the path."""

    def property_file(self, step: str, name: str) -> Json:
        """The parsed JSON of a step's property file."""

    def read_json(self, s3_uri: str) -> Json:
        """The parsed JSON of an object in storage."""


def resolve(value: Json, context: Context) -> Json:
    """Gives a value with every expression in it replaced by what it stands for.

    Raises:
        ExpressionError: an expression is malformed or has no value.
    """
    if is_expression(value):
        return _resolve_expression(value, context)
    if isinstance(value, dict):
        return {key: resolve(child, context) for key, child in value.items()}
    if isinstance(value, list):
        return [resolve(child, context) for child in value]
    return value


def _resolve_expression(expression: dict[str, Json], context: Context) -> Json:
    (name, body), *_ = expression.items()
    if name == "Get":
        return _get(body, context)
    if name == "Std:Join":
        return _join(body, context)
    if name == "Std:JsonGet":
        return _json_get(body, context)
    raise ExpressionError(f"{quote(name)} is not a function that pipelines have; use Get, Std:Join or Std:JsonGet.")


def _get(text: Json, context: Context) -> Json:
    reference = read_get(text)
    try:
        if reference.kind == "parameter":
            return context.parameter(reference.name)
        if reference.kind == "execution":
            return context.execution(reference.name)
        if reference.kind == "property":
            return context.property(reference.name, reference.path)
    except (LookupError, ValueError) as error:
        raise ExpressionError(f"{reference.text} has no value: {_reason(error)}") from error
    if reference.kind == "property_file":
        raise ExpressionError(f"{reference.text} is a property file, which only Std:JsonGet can read.")
    if reference.kind == "loop":
        raise ExpressionError(f"{reference.text} has a value only inside the body of a ForEach step.")
    raise ExpressionError(f"{quote(reference.text)} is not a reference; write Parameters.…, Execution.… or Steps.….")


def _reason(error: Exception) -> str:
    # str() of a KeyError is the repr of its key; its first argument is the sentence.
    return str(error.args[0]) if error.args else type(error).__name__


def _join(body: Json, context: Context) -> str:
    separator = body.get("On", "") if isinstance(body, Mapping) else None
    values = body.get("Values") if isinstance(body, Mapping) else None
    if not isinstance(separator, str) or not isinstance(values, list):
        raise ExpressionError('Std:Join is written as {"On": "/", "Values": [ … ]}.')
    return separator.join(_as_text(resolve(value, context), value) for value in values)


def _as_text(value: Json, source: Json) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return repr(value)
    raise ExpressionError(f"Std:Join joins text, numbers and booleans; {name_of(source)} is {quote(value)}.")


def _json_get(body: Json, context: Context) -> Json:
    path = body.get("Path") if isinstance(body, Mapping) else None
    if not isinstance(path, str) or ("PropertyFile" in body) == ("S3Uri" in body):
        raise ExpressionError("Std:JsonGet needs a Path, and either a PropertyFile or an S3Uri.")
    if "PropertyFile" in body:
        document, source = _property_file(body["PropertyFile"], context)
    else:
        uri = resolve(body["S3Uri"], context)
        if not isinstance(uri, str) or not uri.startswith("s3://"):
            raise ExpressionError(f"Std:JsonGet reads an s3:// address, and {quote(uri)} is none.")
        document, source = _read(lambda: context.read_json(uri), uri), uri
    try:
        return select(document, path)
    except PathError as error:
        raise ExpressionError(f"Std:JsonGet found no {quote(path)} in {source}: {error}") from error


def _property_file(body: Json, context: Context) -> tuple[Json, str]:
    reference = read_get(body.get("Get")) if isinstance(body, Mapping) else read_get(None)
    if reference.kind != "property_file":
        raise ExpressionError(
            f"Std:JsonGet's PropertyFile is a Get of Steps.NAME.PropertyFiles.NAME, not {quote(body)}."
        )
    source = f"the property file {reference.path} of step {reference.name}"
    return _read(lambda: context.property_file(reference.name, reference.path), source), source


def _read(read: Callable[[], Json], source: str) -> Json:
    try:
        return read()
    except (LookupError, OSError, ValueError) as error:
        raise ExpressionError(f"Std:JsonGet cannot read {source}: {_reason(error)}") from error


def name_of(source: Json) -> str:
    """Names an operand by what it refers to."""
    found = references(source)
    if not found:
        return quote(source)
    if isinstance(source, dict) and isinstance(source.get("Std:JsonGet"), dict):
        return f"{source['Std:JsonGet'].get('Path')} of {found[0].text}"
    return found[0].text
