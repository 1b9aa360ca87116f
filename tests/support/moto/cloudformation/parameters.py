"""The values of a template's parameters: given, kept from before, or the default; looked up where they name a place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.support.moto.cloudformation.errors import TemplateError, UnsupportedError

_SSM = re.compile(r"AWS::SSM::Parameter::Value<(String|List<String>|CommaDelimitedList)>")
_LISTS = ("CommaDelimitedList", "List<")


def given(declared: Mapping[str, Any], wanted: list[dict[str, Any]], before: Mapping[str, str]) -> dict[str, str]:
    """Return each parameter's text, as a person would type it.

    Raises:
        TemplateError: for a parameter that the template does not have, and for one without a value.
    """
    asked = {each["ParameterKey"]: each for each in wanted}
    if unknown := sorted(set(asked) - set(declared)):
        raise TemplateError(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    values: dict[str, str] = {}
    for name, declaration in declared.items():
        each = asked.get(name, {})
        if each.get("UsePreviousValue"):
            if name not in before:
                raise TemplateError(f"Parameter {name} has no previous value")
            values[name] = before[name]
        elif "ParameterValue" in each:
            values[name] = each["ParameterValue"]
        elif "Default" in declaration:
            values[name] = str(declaration["Default"])
        else:
            raise TemplateError(f"Parameters: [{name}] must have values")
        _check(name, declaration, values[name])
    return values


def resolved(declared: Mapping[str, Any], values: Mapping[str, str], look_up: Callable[[str], str]) -> dict[str, Any]:
    """Return what ``Ref`` gives for each parameter: its value, its list, or what stands in the Parameter Store."""
    return {name: _resolved(declared[name]["Type"], text, look_up) for name, text in values.items()}


def _resolved(type_: str, text: str, look_up: Callable[[str], str]) -> Any:
    if stored := _SSM.fullmatch(type_):
        return _resolved(stored.group(1), look_up(text), look_up)
    if type_.startswith("AWS::SSM::"):
        raise UnsupportedError(f"The test support does not look up parameters of type {type_}")
    if type_.startswith(_LISTS):
        return [each.strip() for each in text.split(",")]
    return text


def _check(name: str, declaration: Mapping[str, Any], text: str) -> None:
    allowed = declaration.get("AllowedValues")
    if allowed is not None and text not in map(str, allowed):
        raise TemplateError(f"Parameter '{name}' must be one of AllowedValues")
    pattern = declaration.get("AllowedPattern")
    if pattern is not None and not re.fullmatch(pattern, text):
        constraint = declaration.get("ConstraintDescription", pattern)
        raise TemplateError(f"Parameter {name} failed to satisfy constraint: {constraint}")
    if not int(declaration.get("MinLength", 0)) <= len(text) <= int(declaration.get("MaxLength", len(text))):
        raise TemplateError(f"Parameter '{name}' is too short or too long")
    if declaration["Type"] == "Number":
        if not re.fullmatch(r"-?\d+(\.\d+)?", text):
            raise TemplateError(f"Parameter '{name}' must be a number.")
        if not float(declaration.get("MinValue", text)) <= float(text) <= float(declaration.get("MaxValue", text)):
            raise TemplateError(f"Parameter '{name}' is outside its MinValue and MaxValue")
