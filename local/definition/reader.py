"""Reads a definition's JSON into its parts, keeping what can be read and listing what cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from local.definition.document import Definition, Step
from local.definition.findings import Finding, Json, Where, quote, show
from local.definition.members import Notes, read_cache, read_depends_on, read_parameters, read_property_files

# A limit of this reader, so that hostile nesting is a finding and not an exhausted stack. Three levels are one
# condition step inside another.
MAX_DEPTH = 100

_COMMON = frozenset(
    {
        "Arguments",
        "CacheConfig",
        "DependsOn",
        "Description",
        "DisplayName",
        "Name",
        "PropertyFiles",
        "RetryPolicies",
        "Type",
    }
)
_BRANCHES = (("IfSteps", True), ("ElseSteps", False))


@dataclass
class Reading:
    """What was read: the definition, every step in document order (namesakes too) and the findings."""

    definition: Definition
    steps: list[Step] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    readable: bool = True


@dataclass(frozen=True)
class _Place:
    """Where a step stands: its path, the branch it is in and the loop whose body it belongs to."""

    where: Where
    branch: tuple[str, bool] | None = None
    loop: str | None = None


def read(raw: Json) -> Reading:
    """Reads any JSON value as a definition; never raises."""
    notes, readable = Notes(), True
    steps: list[Step] = []
    document: Mapping[str, Json] = raw if isinstance(raw, Mapping) else {}
    if not isinstance(raw, Mapping):
        notes.wrong((), "is not a JSON object.", "Give an object with Version, Parameters and Steps.")
        readable = False
    elif too_deep(raw):
        notes.wrong((), f"nests deeper than {MAX_DEPTH} levels.", "Flatten its conditions and arguments.")
        document, readable = {}, False
    else:
        if document.get("Steps") is None:
            notes.wrong(("Steps",), "is missing.", "Add the list of steps.")
        for index, item in enumerate(notes.list_at(document, "Steps", ())):
            _read_step(item, _Place(("Steps", index)), steps, notes)
    version = document.get("Version")
    definition = Definition(
        version=version if isinstance(version, str) else "",
        parameters=read_parameters(document, notes),
        steps=_by_name([step for step in steps if step.loop is None]),
        loop_steps=_by_name([step for step in steps if step.loop is not None]),
        raw=document,
    )
    return Reading(definition, steps, notes.findings, readable)


def too_deep(raw: Json) -> bool:
    """Whether a value nests deeper than MAX_DEPTH, found without recursion."""
    level = [raw]
    for _ in range(MAX_DEPTH):
        level = [child for each in level if isinstance(each, dict | list) for child in _children(each)]
        if not level:
            return False
    return True


def _children(value: dict[str, Json] | list[Json]) -> list[Json]:
    return list(value.values()) if isinstance(value, dict) else value


def _read_step(item: Json, place: _Place, steps: list[Step], notes: Notes) -> None:
    where = place.where
    if not isinstance(item, dict):
        notes.wrong(where, f"must be a step, and is {quote(item)}.", "Write it as an object with Name and Type.")
        return
    name = item.get("Name")
    if not isinstance(name, str) or not name:
        notes.wrong((*where, "Name"), "must be the step's name.", "Give every step a name of its own.")
        name = ""
    kind = item.get("Type")
    if not isinstance(kind, str) or not kind:
        notes.wrong((*where, "Type"), "must be the step's type.", "Name a step type, such as Processing.", name)
        kind = ""
    step = _build(item, name, kind, place, notes, len(steps))
    steps.append(step)
    _read_nested(step, steps, notes)


def _build(item: dict[str, Json], name: str, kind: str, place: _Place, notes: Notes, index: int) -> Step:
    where = place.where
    arguments = item.get("Arguments")
    if not isinstance(arguments, dict):
        if arguments is not None:
            fault = f"must be an object, and is {quote(arguments)}."
            notes.wrong((*where, "Arguments"), fault, "Write the request's members in it.", name)
        arguments = {}
    retries = notes.list_at(item, "RetryPolicies", where, name)
    return Step(
        name=name,
        type=kind,
        arguments=arguments,
        depends_on=read_depends_on(item, where, name, notes),
        branch=place.branch,
        property_files=read_property_files(item, where, name, notes),
        cache=read_cache(item, where, name, notes),
        display_name=notes.text_at(item, "DisplayName", where, name),
        description=notes.text_at(item, "Description", where, name),
        retry_policies=tuple(policy for policy in retries if isinstance(policy, dict)),
        path=show(where),
        index=index,
        loop=place.loop,
        settings={str(key): value for key, value in item.items() if key not in _COMMON},
        raw=item,
        where=where,
    )


def _read_nested(step: Step, steps: list[Step], notes: Notes) -> None:
    where = (*step.where, "Arguments")
    if step.type == "Condition":
        for key, when in _BRANCHES:
            for index, child in enumerate(notes.list_at(step.arguments, key, where, step.name)):
                _read_step(child, _Place((*where, key, index), (step.name, when), step.loop), steps, notes)
    elif step.type == "ForEach":
        for index, child in enumerate(notes.list_at(step.arguments, "ForEachBody", where, step.name)):
            _read_step(child, _Place((*where, "ForEachBody", index), None, step.name), steps, notes)


def _by_name(steps: list[Step]) -> dict[str, Step]:
    found: dict[str, Step] = {}
    for step in steps:
        if step.name:
            found.setdefault(step.name, step)
    return found
