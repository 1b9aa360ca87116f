"""The types of values before an execution, as far as they can be known, and properties that a step does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from local.definition.catalog import STEP_KINDS, Output, StepKind
from local.definition.document import Step
from local.definition.findings import Json, quote, suggest
from local.definition.models import response_shape
from local.definition.paths import NAMING_MEMBERS, PathError, join_path, parse_path
from local.definition.references import is_expression, read_get

if TYPE_CHECKING:
    from botocore.model import ListShape, MapShape, Shape, StructureShape

    from local.definition.rule import Subject

Kind = Literal["String", "Integer", "Float", "Boolean", "Object"]

_SHAPES: dict[str, Kind] = {
    "string": "String",
    "integer": "Integer",
    "long": "Integer",
    "float": "Float",
    "double": "Float",
    "boolean": "Boolean",
    "structure": "Object",
    "list": "Object",
    "map": "Object",
}
_PARAMETERS: dict[str, Kind] = {"String": "String", "Integer": "Integer", "Float": "Float", "Boolean": "Boolean"}
_COUNTS = ("FailedStepCount", "InputItemCount", "StoppedStepCount", "SucceededStepCount", "TotalStepCount")

# Text members whose value is a JSON document that references may reach into.
# Source: the SageMaker Python SDK's `JobStep`.
_DOCUMENTS = ("JobConfigDocument",)


class NoSuchPropertyError(ValueError):
    """A property that a step will not have; the message is a sentence and `fix` says how to mend it."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


def kind_of(value: Json, reader: Step | None, subject: Subject) -> Kind | None:
    """The type that a literal or an expression will have, or None when only an execution can tell."""
    if isinstance(value, bool):
        return "Boolean"
    if isinstance(value, int | float):
        return "Integer" if isinstance(value, int) else "Float"
    if isinstance(value, str):
        return "String"
    if not is_expression(value):
        return "Object" if isinstance(value, dict | list) else None
    if "Std:Join" in value:
        return "String"
    return _kind_of_get(value["Get"], reader, subject) if "Get" in value else None


def _kind_of_get(text: Json, reader: Step | None, subject: Subject) -> Kind | None:
    reference = read_get(text)
    if reference.kind == "parameter":
        parameter = subject.definition.parameters.get(reference.name)
        return _PARAMETERS.get(parameter.type) if parameter is not None else None
    if reference.kind == "execution":
        return "String"
    step = subject.step_named(reference.name, reader) if reference.kind == "property" else None
    if step is None:
        return None
    try:
        return property_kind(step, reference.path)
    except NoSuchPropertyError:
        return None


def property_kind(step: Step, path: str) -> Kind | None:
    """The type of a step's property, or None when it is not known.

    Raises:
        NoSuchPropertyError: the finished step has no such property.
    """
    kind = STEP_KINDS.get(step.type)
    if kind is None or not path:
        return None
    try:
        parts = parse_path(path)
    except PathError as error:
        raise NoSuchPropertyError(str(error), "Write it as Member.Member['name'].Member or Member[0].") from error
    if parts and parts[0] in kind.properties:
        return _own_property(step, parts)
    return _described(step, kind, parts)


def _own_property(step: Step, parts: tuple[str | int, ...]) -> Kind | None:
    if parts[0] == "OutputParameters":
        return _output_parameter(step, parts)
    if step.type == "ForEach" and parts[0] in _COUNTS:
        return "Integer"
    return None


def _output_parameter(step: Step, parts: tuple[str | int, ...]) -> Kind | None:
    declared = step.settings.get("OutputParameters")
    types: dict[str, Json] = {
        str(each["OutputName"]): each.get("OutputType")
        for each in (declared if isinstance(declared, list) else [])
        if isinstance(each, dict) and isinstance(each.get("OutputName"), str)
    }
    if len(parts) != 2 or str(parts[1]) not in types:
        message = f"The step {step.name} declares no output parameter {quote(parts[1] if len(parts) > 1 else '')}."
        raise NoSuchPropertyError(message, suggest(str(parts[-1]), types, "output parameter"))
    declared_type = types[str(parts[1])]
    return _PARAMETERS.get(declared_type) if isinstance(declared_type, str) else None


def _described(step: Step, kind: StepKind, parts: tuple[str | int, ...]) -> Kind | None:
    roots = [_description(output) for output in kind.outputs]
    names = [*kind.properties, *(name for root in roots for name in root.members)]
    for root in roots:
        if parts[0] in root.members:
            return _follow(step, root.members[str(parts[0])], parts)
    if not names:
        message = f"A step of type {step.type} has no properties to read."
        raise NoSuchPropertyError(message, "Use DependsOn to run a step after it.")
    message = f"A step of type {step.type} has no property {quote(parts[0])}."
    raise NoSuchPropertyError(message, suggest(str(parts[0]), names, "property"))


def _description(output: Output) -> StructureShape:
    shape = response_shape(output[1], output[0])
    members = cast("StructureShape", shape).members
    # References to an EMR step begin inside the one member of its response.
    inner = next(iter(members.values())) if output[0] == "emr" else shape
    return cast("StructureShape", inner)


def _follow(step: Step, shape: Shape, parts: tuple[str | int, ...]) -> Kind | None:
    given: Json = step.arguments.get(str(parts[0]))
    for depth in range(1, len(parts)):
        part, before = parts[depth], join_path(parts[:depth])
        if shape.type_name == "structure":
            members = cast("StructureShape", shape).members
            if part not in members:
                message = f"{before} of a step of type {step.type} has no member {quote(part)}."
                raise NoSuchPropertyError(message, suggest(str(part), members, "member"))
            shape = members[str(part)]
        elif shape.type_name == "list":
            _check_element(step, given, part, before)
            shape = cast("ListShape", shape).member
        elif shape.type_name == "map":
            shape = cast("MapShape", shape).value
        elif parts[0] in _DOCUMENTS:
            return None
        else:
            message = f"{before} of a step of type {step.type} is a single value, and has no {quote(part)}."
            raise NoSuchPropertyError(message, f"Refer to Steps.{step.name}.{before}.")
        given = _inner(given, part)
    return _SHAPES.get(shape.type_name)


def _inner(given: Json, part: str | int) -> Json:
    if isinstance(given, dict):
        return given.get(str(part))
    if isinstance(given, list):
        if isinstance(part, int):
            return given[part] if part < len(given) else None
        return next((each for each in given if part in _names(each)), None)
    return None


def _check_element(step: Step, given: Json, part: str | int, before: str) -> None:
    """A list that the step's own arguments give has the elements that they name, and no others."""
    if not isinstance(given, list) or not isinstance(part, str):
        return
    names = [_names(each) for each in given]
    if all(names) and not any(part in each for each in names):
        message = f"{before} of the step {step.name} has no element named {quote(part)}."
        raise NoSuchPropertyError(message, suggest(part, (each[0] for each in names), "element"))


def _names(element: Json) -> list[str]:
    if not isinstance(element, dict):
        return []
    return [element[member] for member in NAMING_MEMBERS if isinstance(element.get(member), str)]
