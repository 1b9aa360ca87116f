"""A pipeline definition as requests carry it: read, held against the rules, its parameters bound."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from local.api import engine, errors
from local.api.call import Call
from local.definition.document import Definition
from local.definition.findings import DefinitionError
from local.definition.model import bind_parameters, parse
from local.store.objects import ObjectError
from local.store.store import Store

MAX_CHARACTERS = 1 << 20


def from_request(call: Call) -> str | None:
    """Return the definition's text from the request or from the object that it names; None where it has neither."""
    text, place = call.params.get("PipelineDefinition"), call.params.get("PipelineDefinitionS3Location")
    if text is not None and place is not None:
        raise errors.invalid("Give PipelineDefinition or PipelineDefinitionS3Location, not both.")
    if place is None:
        return text
    if place.get("VersionId") is not None:
        raise errors.invalid("The laptop keeps one version of an object: leave VersionId out.")
    try:
        with call.store.objects.open(place["Bucket"], place["ObjectKey"]) as handle:
            content = handle.read(4 * MAX_CHARACTERS + 1)
        text = content.decode("utf-8")
    except ObjectError as error:
        raise errors.invalid(f"The pipeline definition cannot be read. {error}") from None
    except UnicodeDecodeError:
        raise errors.invalid("The pipeline definition is not UTF-8 text.") from None
    if len(text) > MAX_CHARACTERS:
        raise errors.invalid(f"The pipeline definition is longer than {MAX_CHARACTERS} characters.")
    return text


def check(text: str) -> Definition:
    """Return the definition that a text holds; ValidationException with everything that is wrong with it."""
    raw = _load(text)
    mistakes = _mistakes(raw, text)
    if mistakes:
        raise _refused(mistakes)
    return _parse(raw, mistakes)


def check_start(
    text: str,
    given: Mapping[str, str],
    store: Store,
    *,
    selected: Sequence[str] | None = None,
    by_address: bool = False,
) -> None:
    """Raise ValidationException with everything that keeps a definition from running with these parameters.

    Inputs that are not there are part of it: of the `selected` steps, where some are, and of those without a cache,
    where caches compare requests `by_address`.
    """
    raw = _load(text)
    mistakes = _mistakes(raw, text)
    definition = _parse(raw, mistakes)
    try:
        bound = bind_parameters(definition, given)
        mistakes += engine.missing_inputs(definition, bound, store, selected, by_address=by_address)
    except DefinitionError as error:
        mistakes += [str(finding) for finding in error.findings]
        bound = {}
    mistakes += [sentence for sentence in engine.preflight(definition, bound, store) if sentence not in mistakes]
    if mistakes:
        raise _refused(mistakes)


def read(text: str) -> Definition:
    """Return a definition that was checked before."""
    return parse(json.loads(text))


def bind(text: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return all parameters of a definition that was checked before: those given and the defaults of the others."""
    return bind_parameters(parse(json.loads(text)), given)


def _load(text: str) -> Mapping[str, Any]:
    try:
        raw = json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise errors.invalid("The pipeline definition is nested too deeply.") from None
    except ValueError as error:
        raise errors.invalid(f"The pipeline definition is not JSON: {error}.") from None
    if not isinstance(raw, dict):
        raise errors.invalid("The pipeline definition must be a JSON object.")
    return raw


def _mistakes(raw: Mapping[str, Any], text: str) -> list[str]:
    from local.definition.validate import validate  # noqa: PLC0415 - its rules are many; most requests need none

    return [str(finding) for finding in validate(raw, len(text)) if finding.severity == "error"]


def _parse(raw: Mapping[str, Any], mistakes: list[str]) -> Definition:
    """Return the definition; where its structure is broken, nothing more can be found out than is known already."""
    try:
        return parse(raw)
    except DefinitionError as error:
        raise _refused(mistakes or [str(finding) for finding in error.findings]) from None


def _refused(mistakes: list[str]) -> errors.ServiceError:
    counted = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
    return errors.invalid("\n- ".join([f"The pipeline cannot run as it stands: {counted}.", *mistakes]))


def _refuse(constant: str) -> None:
    message = f"{constant} is not a JSON number"
    raise ValueError(message)
