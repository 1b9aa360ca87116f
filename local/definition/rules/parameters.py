"""Parameters have a type that exists, and defaults of that type from their own enumeration."""

from __future__ import annotations

from collections.abc import Iterator

from local.definition.document import Parameter
from local.definition.findings import quote, suggest
from local.definition.models import named_shape
from local.definition.parameters import TYPES, convert, fix_for, kind_of
from local.definition.rule import Rule, Subject, Wrong

_LITERALS: dict[str, tuple[type, ...]] = {
    "String": (str,),
    "Integer": (int,),
    "Float": (int, float),
    "Boolean": (bool,),
}


def _check(subject: Subject) -> Iterator[Wrong]:
    for parameter in subject.definition.parameters.values():
        if parameter.type in TYPES:
            yield from _check_values(parameter)
        else:
            message = f"Type of the parameter {parameter.name} cannot be {quote(parameter.type)}."
            yield Wrong((*parameter.where, "Type"), message, suggest(parameter.type, TYPES, "type"))


def _check_values(parameter: Parameter) -> Iterator[Wrong]:
    for index, value in enumerate(parameter.enum):
        if not _is_literal(parameter, value):
            message = f"EnumValues[{index}] of {parameter.name} must be {kind_of(parameter)}, and is {quote(value)}."
            yield Wrong((*parameter.where, "EnumValues", index), message, "Write it as the parameter's type.")
    if parameter.default is None:
        return
    where = (*parameter.where, "DefaultValue")
    if not _is_literal(parameter, parameter.default):
        message = f"DefaultValue of {parameter.name} must be {kind_of(parameter)}, and is {quote(parameter.default)}."
        yield Wrong(where, message, f"Write it as {kind_of(parameter)}, or change the parameter's Type.")
        return
    try:
        convert(parameter, parameter.default)
    except ValueError as error:
        yield Wrong(where, f"DefaultValue of {parameter.name} {error}", fix_for(parameter))
    most = named_shape("String1024").metadata["max"]
    if isinstance(parameter.default, str) and len(parameter.default) > most:
        message = f"DefaultValue of {parameter.name} is longer than the {most} characters that a value may have."
        yield Wrong(where, message, "Shorten it, or pass the address of a file that holds it.", "warning")


def _is_literal(parameter: Parameter, value: object) -> bool:
    if isinstance(value, bool) and parameter.type != "Boolean":
        return False
    return isinstance(value, _LITERALS[parameter.type])


RULE = Rule(
    id="parameters",
    description="Parameter types exist; defaults and enumerations are of that type, and the default is one of them.",
    source="SageMaker Python SDK, sagemaker.core.workflow.parameters; API Reference: Parameter, Value",
    check=_check,
)
