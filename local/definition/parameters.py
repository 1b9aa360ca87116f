"""Values for a pipeline's parameters: typed, defaulted and held to their enumerations, every mistake at once."""

from __future__ import annotations

import math
from collections.abc import Mapping

from local.definition.document import Definition, Parameter
from local.definition.findings import Finding, Json, ParameterError, quote, suggest

TYPES = ("String", "Integer", "Float", "Boolean")

_EXAMPLES = {"Integer": "a whole number such as 3", "Float": "a number such as 0.8", "Boolean": "true or false"}
_TRUTH = {"true": True, "false": False}


def bind_parameters(definition: Definition, given: Mapping[str, str | int | float | bool]) -> dict[str, Json]:
    """Gives every parameter its value: the given one, or else its default.

    Text is read as the parameter's type, as StartPipelineExecution and a command line send it.

    Raises:
        ParameterError: names that the definition does not have, values of the wrong type or outside the enumeration,
            and parameters left without a value; all of them.
    """
    findings: list[Finding] = []
    for name in given:
        if name not in definition.parameters:
            fix = suggest(str(name), definition.parameters, "parameter")
            findings.append(_finding(str(name), "is not a parameter of this pipeline.", fix))
    bound: dict[str, Json] = {}
    for name, parameter in definition.parameters.items():
        value: Json = given.get(name, parameter.default)
        if value is None:
            findings.append(_finding(name, "has no default and was given no value.", f"Give {name} a value."))
            continue
        try:
            bound[name] = convert(parameter, value)
        except ValueError as error:
            findings.append(_finding(name, str(error), fix_for(parameter)))
    if findings:
        raise ParameterError(findings)
    return bound


def convert(parameter: Parameter, value: Json) -> Json:
    """Reads a value as the parameter's type.

    Raises:
        ValueError: the value is not of that type or outside the enumeration; the message lacks its subject.
    """
    typed = _typed(parameter.type, value)
    if typed is None:
        raise ValueError(f"must be {kind_of(parameter)}, and is {quote(value)}.")
    if parameter.enum and typed not in [_typed(parameter.type, each) for each in parameter.enum]:
        raise ValueError(f"cannot be {quote(value)}.")
    return typed


def fix_for(parameter: Parameter) -> str:
    """Says what a parameter takes."""
    if parameter.enum:
        return f"Use one of {', '.join(quote(each) for each in parameter.enum[:20])}."
    return f"Give {kind_of(parameter)}."


def kind_of(parameter: Parameter) -> str:
    """Names a parameter's type in a sentence."""
    return _EXAMPLES.get(parameter.type, "text")


def _typed(kind: str, value: Json) -> Json:
    """The value as that type, or None when it is not one."""
    if kind == "Boolean":
        return value if isinstance(value, bool) else _TRUTH.get(value.strip().lower()) if _is_text(value) else None
    if isinstance(value, bool):
        return None
    if kind == "Integer":
        return _integer(value)
    if kind == "Float":
        return _float(value)
    return value if _is_text(value) else None


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _integer(value: Json) -> int | None:
    if isinstance(value, int):
        return value
    text = value.strip() if isinstance(value, str) else ""
    digits = text[1:] if text[:1] in ("-", "+") else text
    # The bound keeps hostile input from being turned into a number of thousands of digits.
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 19 else None


def _float(value: Json) -> float | None:
    if not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _finding(name: str, message: str, fix: str) -> Finding:
    path = f"Parameters.{name}"
    return Finding("parameters", path, f"The parameter {name} {message}", fix, where=("Parameters", name))
