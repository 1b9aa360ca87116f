"""Values of a template with their functions worked out."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.moto.cloudformation.errors import TemplateError, UnsupportedError

NO_VALUE = object()
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_DYNAMIC = re.compile(r"\{\{resolve:")


@dataclass
class Scope:
    """What names in a template stand for.

    ``reference`` gives a resource's Ref, ``attribute`` one of its attributes, ``imported`` what another stack
    exports, ``zones`` the region's availability zones.
    """

    names: Mapping[str, Any]
    conditions: Mapping[str, Any]
    mappings: Mapping[str, Any]
    reference: Callable[[str], Any]
    attribute: Callable[[str, str], Any]
    imported: Callable[[str], str]
    zones: Callable[[], list[str]]
    _known: dict[str, bool] = field(default_factory=dict)

    def condition(self, name: str) -> bool:
        """Return whether a condition holds."""
        if name not in self._known:
            if name not in self.conditions:
                raise TemplateError(f"Template error: unresolved condition dependency {name}")
            self._known[name] = self.holds(self.conditions[name])
        return self._known[name]

    def holds(self, expression: Any) -> bool:
        """Return what a condition's expression comes to."""
        value = self.value(expression)
        if not isinstance(value, bool):
            raise TemplateError(f"Template error: {expression} is no condition")
        return value

    def value(self, value: Any) -> Any:
        """Return a value with every function in it worked out. Members that are AWS::NoValue are left out."""
        if isinstance(value, dict):
            return self._mapping(value)
        if isinstance(value, list):
            return [each for each in map(self.value, value) if each is not NO_VALUE]
        if isinstance(value, str) and _DYNAMIC.search(value):
            raise UnsupportedError(f"The test support does not follow dynamic references: {value}")
        return value

    def _mapping(self, value: dict[str, Any]) -> Any:
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name in _FUNCTIONS:
                return _FUNCTIONS[name](self, argument)
            if name.startswith("Fn::"):
                raise UnsupportedError(f"The test support does not work out {name}")
        worked_out = {name: self.value(each) for name, each in value.items()}
        return {name: each for name, each in worked_out.items() if each is not NO_VALUE}

    def ref(self, name: str) -> Any:
        """Return what ``Ref`` means: a pseudo parameter, a parameter or a resource."""
        if name == "AWS::NoValue":
            return NO_VALUE
        return self.names[name] if name in self.names else self.reference(name)


def _get_attribute(scope: Scope, argument: Any) -> Any:
    resource, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
    return scope.attribute(resource, scope.value(attribute))


def _sub(scope: Scope, argument: Any) -> str:
    text, own = (argument, {}) if isinstance(argument, str) else argument
    own = {name: scope.value(each) for name, each in own.items()}

    def filled(match: re.Match[str]) -> str:
        name = match.group(1).strip()
        if name.startswith("!"):
            return "${" + name[1:] + "}"
        if name in own:
            return _text(own[name])
        return _text(_get_attribute(scope, name) if "." in name else scope.ref(name))

    return _VARIABLE.sub(filled, text)


def _join(scope: Scope, argument: Any) -> str:
    separator, values = argument
    return str(separator).join(_text(each) for each in scope.value(values))


def _split(scope: Scope, argument: Any) -> list[str]:
    separator, text = argument
    return _text(scope.value(text)).split(separator)


def _select(scope: Scope, argument: Any) -> Any:
    index, values = scope.value(argument)
    if not 0 <= int(index) < len(values):
        raise TemplateError(f"Template error: Fn::Select cannot select nonexistent value at index {index}")
    return values[int(index)]


def _if(scope: Scope, argument: Any) -> Any:
    condition, yes, no = argument
    return scope.value(yes if scope.condition(condition) else no)


def _zones(scope: Scope, argument: Any) -> list[str]:
    if scope.value(argument) not in {"", scope.names["AWS::Region"]}:
        raise UnsupportedError("The test support knows the zones of the stack's own region alone")
    return scope.zones()


def _find_in_map(scope: Scope, argument: Any) -> Any:
    name, first, second = scope.value(argument)
    try:
        return scope.mappings[name][first][second]
    except KeyError:
        raise TemplateError(f"Template error: Unable to get mapping for {name}::{first}::{second}") from None


def _equals(scope: Scope, argument: Any) -> bool:
    first, second = scope.value(argument)
    return bool(_text(first) == _text(second))


def _contains(scope: Scope, argument: Any) -> bool:
    values, value = scope.value(argument)
    return value in values


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (dict, list)) or value is NO_VALUE:
        raise TemplateError(f"Template error: a string is wanted, not {value}")
    return str(value)


_FUNCTIONS: dict[str, Callable[[Scope, Any], Any]] = {
    "Condition": lambda scope, name: (
        scope.condition(name) if isinstance(name, str) else {"Condition": scope.value(name)}
    ),
    "Fn::And": lambda scope, argument: all(scope.holds(each) for each in argument),
    "Fn::Base64": lambda scope, argument: base64.b64encode(_text(scope.value(argument)).encode()).decode(),
    "Fn::Contains": _contains,
    "Fn::Equals": _equals,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAtt": _get_attribute,
    "Fn::GetAZs": _zones,
    "Fn::If": _if,
    "Fn::ImportValue": lambda scope, argument: scope.imported(_text(scope.value(argument))),
    "Fn::Join": _join,
    "Fn::Not": lambda scope, argument: not scope.holds(argument[0]),
    "Fn::Or": lambda scope, argument: any(scope.holds(each) for each in argument),
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
    "Ref": lambda scope, name: scope.ref(name),
}


def mentioned(value: Any) -> set[str]:
    """Return every name that a value refers to, whether a resource's or not."""
    if isinstance(value, list):
        return set().union(*map(mentioned, value)) if value else set()
    if not isinstance(value, dict):
        return set()
    found: set[str] = set()
    for name, argument in value.items():
        if name == "Ref" and isinstance(argument, str):
            found.add(argument)
        elif name == "Fn::GetAtt":
            found.add(argument.split(".", 1)[0] if isinstance(argument, str) else argument[0])
        elif name == "Fn::Sub":
            text, own = (argument, {}) if isinstance(argument, str) else argument
            found |= {each.strip().split(".", 1)[0] for each in _VARIABLE.findall(text)} - set(own)
            found |= mentioned(own)
        else:
            found |= mentioned(argument)
    return found
