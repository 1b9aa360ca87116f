"""Std:Join and Std:JsonGet are written as the service reads them, and read property files that exist."""

from __future__ import annotations

from collections.abc import Iterator

from local.definition.document import Step
from local.definition.findings import Json, Where, quote, suggest
from local.definition.paths import PathError, parse_path
from local.definition.references import FUNCTIONS, is_expression, read_get, walk
from local.definition.rule import Rule, Subject, Wrong


def _check(subject: Subject) -> Iterator[Wrong]:
    outside = {key: value for key, value in subject.definition.raw.items() if key not in ("Steps", "Parameters")}
    for where, expression in walk(outside):
        yield from _check_expression(subject, None, where, expression)
    for step in subject.steps:
        for place, value in subject.own_parts(step):
            for where, expression in walk(value, place):
                yield from _check_expression(subject, step, where, expression)


def _check_expression(
    subject: Subject, step: Step | None, where: Where, expression: dict[str, Json]
) -> Iterator[Wrong]:
    (name, body), *_ = expression.items()
    place = (*where, name)
    if name == "Std:Join":
        yield from _check_join(place, body)
    elif name == "Std:JsonGet":
        yield from _check_json_get(subject, step, place, body)
    elif name == "Get":
        inside = len(where) > 1 and where[-2:] == ("Std:JsonGet", "PropertyFile")
        if read_get(body).kind == "property_file" and not inside:
            message = f"{quote(body)} is a property file, which only Std:JsonGet can read."
            yield Wrong(place, message, 'Write it as {"Std:JsonGet": {"PropertyFile": {"Get": …}, "Path": …}}.')
    else:
        message = f"{quote(name)} is not a function that pipelines have."
        yield Wrong(place, message, suggest(name, FUNCTIONS, "function"))


def _check_join(where: Where, body: Json) -> Iterator[Wrong]:
    shape = 'Write it as {"Std:Join": {"On": "/", "Values": [ … ]}}.'
    if (
        not isinstance(body, dict)
        or not isinstance(body.get("Values"), list)
        or not isinstance(body.get("On", ""), str)
    ):
        yield Wrong(where, "Std:Join needs a text On and a list of Values.", shape)
        return
    for index, value in enumerate(body["Values"]):
        if value is None or isinstance(value, list) or (isinstance(value, dict) and not is_expression(value)):
            message = f"Std:Join joins texts, numbers and booleans, and Values[{index}] is {quote(value)}."
            yield Wrong((*where, "Values", index), message, "Join single values only.")


def _check_json_get(subject: Subject, step: Step | None, where: Where, body: Json) -> Iterator[Wrong]:
    if not isinstance(body, dict) or ("PropertyFile" in body) == ("S3Uri" in body):
        shape = (
            'Write it as {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.NAME.PropertyFiles.NAME"}, "Path": "a.b"}}.'
        )
        yield Wrong(where, "Std:JsonGet needs either a PropertyFile or an S3Uri.", shape)
        return
    yield from _check_path(where, body.get("Path"))
    if "PropertyFile" in body:
        yield from _check_property_file(subject, step, (*where, "PropertyFile"), body["PropertyFile"])
    elif not (is_expression(body["S3Uri"]) or str(body["S3Uri"]).startswith("s3://")):
        message = f"S3Uri must be an address of an object, and is {quote(body['S3Uri'])}."
        yield Wrong((*where, "S3Uri"), message, "Write it as s3://BUCKET/KEY.")


def _check_path(where: Where, path: Json) -> Iterator[Wrong]:
    try:
        if isinstance(path, str) and parse_path(path):
            return
    except PathError as error:
        yield Wrong((*where, "Path"), str(error), "Write it as member.member[0]['name'].")
        return
    yield Wrong((*where, "Path"), "Std:JsonGet needs a Path.", "Name the value in the file, such as metrics.auc.value.")


def _check_property_file(subject: Subject, step: Step | None, where: Where, body: Json) -> Iterator[Wrong]:
    reference = read_get(body.get("Get")) if isinstance(body, dict) and is_expression(body) else None
    if reference is None or reference.kind != "property_file":
        message = f"PropertyFile must refer to a step's property file, and is {quote(body)}."
        yield Wrong(where, message, 'Write it as {"Get": "Steps.NAME.PropertyFiles.NAME"}.')
        return
    owner = subject.step_named(reference.name, step)
    if owner is not None and reference.path not in owner.property_files:
        message = f"The step {owner.name} has no property file {quote(reference.path)}."
        yield Wrong((*where, "Get"), message, suggest(reference.path, owner.property_files, "property file"))


RULE = Rule(
    id="functions",
    description="Functions are written as the service reads them; Std:JsonGet names a property file that is declared.",
    source="SageMaker Python SDK, sagemaker.core.workflow.functions; Developer Guide, 'Property Files and JsonGet'",
    check=_check,
)
