"""Says in a sentence what differs between a step's arguments now and at its newest result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from local.definition.document import Step
from local.definition.paths import NAMING_MEMBERS, join_path

Path: TypeAlias = tuple[str | int, ...]

_MAX_SHOWN = 3
_MAX_VALUE = 40
_MISSING = object()


def explain(step: Step, before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Return the sentence; `before` and `now` hold "arguments", "parameters" and "runtime" of a result."""
    causes = list(_argument_causes(step, before, now))
    for name in sorted({*before["runtime"], *now["runtime"]}):
        old, new = before["runtime"].get(name), now["runtime"].get(name)
        if old != new:
            causes.append(f"{name} changed from {old} to {new}")
    return _sentence(causes) or "The way in which results are kept changed."


def explain_request(step: Step, before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Return the same for what the service compares: the request's own words, addresses as they stand."""
    sides = [{"arguments": side["request"], "parameters": side["parameters"]} for side in (before, now)]
    return _sentence(list(_argument_causes(step, *sides))) or "its request differs."


def _sentence(causes: list[str]) -> str | None:
    unique = list(dict.fromkeys(causes))
    more = f" and {len(unique) - _MAX_SHOWN} more changed" if len(unique) > _MAX_SHOWN else ""
    return f"{'; '.join(unique[:_MAX_SHOWN])}{more}." if unique else None


def _argument_causes(step: Step, before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for path, old, new in _differences(before["arguments"], now["arguments"], ()):
        name = _parameter_at(step, path, before["parameters"], now["parameters"])
        if name is not None:
            yield f"{name} changed from {_short(before['parameters'].get(name))} to {_short(now['parameters'][name])}"
        else:
            yield _describe(path, now["arguments"], old, new)


def _differences(before: Any, now: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    if _is_content(before) or _is_content(now):
        if before != now:
            yield path, before, now
    elif isinstance(before, dict) and isinstance(now, dict):
        for name in [*now, *(name for name in before if name not in now)]:
            yield from _differences(before.get(name, _MISSING), now.get(name, _MISSING), (*path, name))
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for index, (old, new) in enumerate(zip(before, now, strict=True)):
            yield from _differences(old, new, (*path, index))
    elif before != now:
        yield path, before, now


def _parameter_at(step: Step, path: Path, before: Mapping[str, Any], now: Mapping[str, Any]) -> str | None:
    """Return the pipeline parameter that stands at a place in the arguments and has changed."""
    for reference in step.references:
        here = reference.kind == "parameter" and reference.where[1 : len(path) + 1] == path
        if here and reference.name in now and before.get(reference.name, _MISSING) != now[reference.name]:
            return reference.name
    return None


def _describe(path: Path, arguments: Any, old: Any, new: Any) -> str:
    entry: Any = arguments
    name, kind = None, ""
    for part in path:
        entry = entry[part] if _has(entry, part) else None
        if isinstance(entry, dict):
            for member in NAMING_MEMBERS:
                if member in entry:
                    name, kind = entry[member], member.removesuffix("Name").lower()
                    break
    if _is_content(old) or _is_content(new):
        return f"{kind} {name!r} changed" if name is not None else f"what {join_path(path)} names changed"
    if path[:1] == ("HyperParameters",) and len(path) == 2:
        return f"hyperparameter {path[1]} changed from {_short(old)} to {_short(new)}"
    return f"{join_path(path)} changed from {_short(old)} to {_short(new)}"


def _has(entry: Any, part: str | int) -> bool:
    if isinstance(entry, dict):
        return part in entry
    return isinstance(entry, list) and isinstance(part, int) and part < len(entry)


def _is_content(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"content"}


def _short(value: Any) -> str:
    if value is _MISSING:
        return "nothing"
    text = repr(value)
    return text if len(text) <= _MAX_VALUE else f"{text[:_MAX_VALUE]}…"
