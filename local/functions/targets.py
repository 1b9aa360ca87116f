"""What a rule's target receives: the event, a part of it, a text of its own, or a template with parts of it.

Source: Amazon EventBridge User Guide, 'Amazon EventBridge input transformation'.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from local.functions.rules import Delivery

SHAPING = ("Input", "InputPath", "InputTransformer")
_STEP = re.compile(r"\.([A-Za-z0-9_-]+)|\['([^']+)'\]|\[(\d+)\]")
_VARIABLE = re.compile(r"<([A-Za-z0-9_.-]+)>")
_STRING_OR_VARIABLE = re.compile(r'"(?:[^"\\]|\\.)*"|<[A-Za-z0-9_.-]+>', re.DOTALL)
_MISSING = object()


class TargetError(ValueError):
    """A target's input that cannot be made; the message says why."""


def check(target: Mapping[str, Any]) -> None:
    """Raise TargetError where a target's input is wrong, whatever the event."""
    if sum(name in target for name in SHAPING) > 1:
        raise TargetError(f"Only one of {', '.join(SHAPING)} must be provided for target {target['Id']}.")
    if "Input" in target:
        _json(target["Input"], "Input")
    if "InputPath" in target:
        _path(target["InputPath"])
    transformer = target.get("InputTransformer")
    if transformer:
        paths = transformer.get("InputPathsMap") or {}
        for path in paths.values():
            _path(path)
        known = {**dict.fromkeys(paths, "x"), **dict.fromkeys(_BUILT_IN, "x")}
        unknown = [name for name in _VARIABLE.findall(transformer["InputTemplate"]) if name not in known]
        if unknown:
            raise TargetError(f"Invalid InputTemplate for target {target['Id']}: <{unknown[0]}> is not in its paths.")
        _json(_filled(transformer["InputTemplate"], known), "InputTemplate")


def shaped(delivery: Delivery) -> Any:
    """Return what the target receives."""
    target, event = delivery.target, delivery.event
    if "Input" in target:
        return json.loads(target["Input"])
    if "InputPath" in target:
        found = _at(event, _path(target["InputPath"]))
        return None if found is _MISSING else found
    transformer = target.get("InputTransformer")
    if not transformer:
        return dict(event)
    variables = {name: make(delivery) for name, make in _BUILT_IN.items()}
    for name, path in (transformer.get("InputPathsMap") or {}).items():
        found = _at(event, _path(path))
        variables[name] = None if found is _MISSING else found
    return json.loads(_filled(transformer["InputTemplate"], variables))


_BUILT_IN: dict[str, Callable[[Delivery], Any]] = {
    "aws.events.event": lambda delivery: {key: value for key, value in delivery.event.items() if key != "detail"},
    "aws.events.event.json": lambda delivery: dict(delivery.event),
    "aws.events.rule-arn": lambda delivery: delivery.rule.arn,
    "aws.events.rule-name": lambda delivery: delivery.rule.name,
}
"""The variables that every template has; the ingestion time, which no event here keeps, is not among them."""


def _filled(template: str, variables: Mapping[str, Any]) -> str:
    """Return a template with its variables: as JSON by themselves, as text inside a string."""

    def value(name: str) -> str:
        return json.dumps(variables[name])

    def text(name: str) -> str:
        found = variables[name]
        if found is None:
            return ""
        return json.dumps(found if isinstance(found, str) else json.dumps(found))[1:-1]

    def piece(match: re.Match[str]) -> str:
        whole = match[0]
        if whole.startswith("<"):
            return value(whole[1:-1])
        return _VARIABLE.sub(lambda inner: text(inner[1]), whole)

    return _STRING_OR_VARIABLE.sub(piece, template)


def _json(text: str, what: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TargetError(f"{what} is not JSON: {error}.") from None


def _path(path: str) -> list[str | int]:
    """Return the steps of a path such as `$.detail.items[0]`."""
    steps: list[str | int] = []
    place = 1
    while path.startswith("$") and place < len(path):
        match = _STEP.match(path, place)
        if match is None:
            break
        steps.append(int(match[3]) if match[3] is not None else match[1] or match[2])
        place = match.end()
    if not path.startswith("$") or place != len(path):
        raise TargetError(f"{path!r} is not a path such as $.detail.name or $.resources[0].")
    return steps


def _at(value: Any, steps: list[str | int]) -> Any:
    for step in steps:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else _MISSING
        else:
            value = value.get(step, _MISSING) if isinstance(value, Mapping) else _MISSING
    return value
