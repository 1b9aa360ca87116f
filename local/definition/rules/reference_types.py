"""An expression's value has the type that the request takes at its place."""

from __future__ import annotations

from collections.abc import Iterator

from local.definition.document import Parameter, Step
from local.definition.kinds import Kind, kind_of
from local.definition.parameters import convert
from local.definition.references import read_get
from local.definition.rule import Rule, Subject, Wrong
from local.definition.shapes import Checker, Site

_TAKES: dict[str, tuple[Kind, ...]] = {
    "string": ("String",),
    "integer": ("Integer",),
    "long": ("Integer",),
    "float": ("Integer", "Float"),
    "double": ("Integer", "Float"),
    "boolean": ("Boolean",),
    "list": ("Object",),
    "structure": ("Object",),
    "map": ("Object",),
}
_NAMES = {
    "string": "text",
    "integer": "a whole number",
    "long": "a whole number",
    "float": "a number",
    "double": "a number",
    "boolean": "true or false",
    "list": "a list",
    "structure": "an object",
    "map": "an object",
}


def _check(subject: Subject) -> Iterator[Wrong]:
    for request in subject.requests:
        for site in request.sites:
            yield from _check_site(subject, request.step, site)


def _check_site(subject: Subject, step: Step, site: Site) -> Iterator[Wrong]:
    kind, takes = kind_of(site.expression, step, subject), _TAKES.get(site.shape.type_name)
    if kind is None or takes is None:
        return
    if kind not in takes:
        wanted = _NAMES[site.shape.type_name]
        message = f"{_last(site)} must be {wanted}, and its expression gives a value of type {kind}."
        yield Wrong(site.where, message, _fix(site, wanted))
        return
    reference = read_get(site.expression.get("Get"))
    parameter = subject.definition.parameters.get(reference.name) if reference.kind == "parameter" else None
    if parameter is not None:
        yield from _check_values(parameter, site)


def _last(site: Site) -> str:
    return next((part for part in reversed(site.where) if isinstance(part, str)), "The value")


def _fix(site: Site, wanted: str) -> str:
    if site.shape.type_name == "string" and "Get" in site.expression:
        return 'Turn it into text with {"Std:Join": {"On": "", "Values": [ … ]}}.'
    if site.shape.type_name in ("list", "structure", "map"):
        return f"Write {wanted}, with expressions for the values inside it."
    return f"Refer to something whose value is {wanted}."


def _check_values(parameter: Parameter, site: Site) -> Iterator[Wrong]:
    """The values that a parameter offers must fit wherever they go; a start may still give another one."""
    for value, what in [(parameter.default, "default"), *((each, "enumerated value") for each in parameter.enum)]:
        try:
            typed = convert(parameter, value) if value is not None else None
        except ValueError:
            continue
        if typed is None:
            continue
        for fault in Checker(expressions=True).run(typed, site.shape, site.where):
            message = f"{_last(site)} takes a parameter, {parameter.name}, and the {what} {fault.message}"
            yield Wrong(site.where, message, fault.fix, "error" if what == "default" else "warning")


RULE = Rule(
    id="reference-types",
    description="Expressions give the type that the request takes; parameters offer values that fit.",
    source="SageMaker Python SDK: PipelineVariable.to_string; aws/sagemaker-python-sdk issue 2345; request shapes",
    check=_check,
)
