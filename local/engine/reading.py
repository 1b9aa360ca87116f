"""Inputs that are not there when an execution starts, and that no step could bring until they are read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from local.definition.document import Definition, Step
from local.definition.references import references
from local.engine.partly import partly
from local.jobs.requests import items
from local.store.objects import ObjectError, ObjectStore

Json = Any
Input = tuple[str, Json]
"""What an input is called, and the expression or text that is its address."""


def missing_inputs(
    definition: Definition,
    parameters: Mapping[str, Any],
    objects: ObjectStore,
    *,
    selected: Collection[str] | None = None,
    by_address: bool = False,
) -> list[str]:
    """Return a sentence for each input that names nothing, of steps that wait for no other.

    What a step with dependencies reads may have been written by those, by whatever way. Of `selected` steps the others
    are not looked at, and where caches compare requests (`by_address`) none with a cache: a hit needs no data.
    """
    found = []
    for step in definition.steps.values():
        if step.branch is not None or definition.dependencies(step.name) or (selected and step.name not in selected):
            continue
        if by_address and step.cache is not None and step.cache.enabled:
            continue
        for name, given in _inputs(step):
            uri = partly(given, parameters)
            if isinstance(uri, str) and not _is_there(objects, uri):
                found.append(_sentence(step, name, uri, given, objects))
    return found


def _is_there(objects: ObjectStore, uri: str) -> bool:
    try:
        return bool(objects.select(uri))
    except ObjectError:
        return False


def _sentence(step: Step, name: str, uri: str, given: Json, objects: ObjectStore) -> str:
    asked = dict.fromkeys(each.name for each in references(given) if each.kind == "parameter")
    how = f" with the parameter {' or '.join(asked)}" if asked else ""
    return (
        f"Step {step.name} reads {uri} as its input {name!r}, and there is nothing. Put the data there (objects are "
        f"files below {objects.root}), or name another address{how}."
    )


def _inputs(step: Step) -> Iterator[Input]:
    arguments = step.arguments
    if step.type == "Processing":
        for each in items(arguments, "ProcessingInputs"):
            yield _named(each.get("InputName")), _member(each, "S3Input", "S3Uri")
    elif step.type in ("Training", "AutoML"):
        yield from _channels(arguments)
    elif step.type == "Tuning":
        for holder in (arguments.get("TrainingJobDefinition"), *items(arguments, "TrainingJobDefinitions")):
            yield from _channels(holder)
    elif step.type == "Transform":
        yield "TransformInput", _member(arguments, "TransformInput", "DataSource", "S3DataSource", "S3Uri")


def _channels(holder: Json) -> Iterator[Input]:
    for each in items(holder, "InputDataConfig"):
        name = _named(each.get("ChannelName") or each.get("ChannelType"))
        yield name, _member(each, "DataSource", "S3DataSource", "S3Uri")


def _named(name: Json) -> str:
    return name if isinstance(name, str) else "data"


def _member(holder: Json, *names: str) -> Json:
    for name in names:
        holder = holder.get(name) if isinstance(holder, Mapping) else None
    return holder
