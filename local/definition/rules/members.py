"""Definitions and steps have the members that the service knows, and those that a type requires."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from local.definition.findings import Where, suggest
from local.definition.references import is_expression
from local.definition.rule import Rule, Subject, Wrong

_DEFINITION = ("Metadata", "MlflowConfig", "Parameters", "PipelineExperimentConfig", "Steps", "Version")
_PARAMETER = ("DefaultValue", "Description", "EnumValues", "Name", "Type")
_STEP = (
    "Arguments",
    "CacheConfig",
    "DependsOn",
    "Description",
    "DisplayName",
    "Name",
    "PropertyFiles",
    "RetryPolicies",
    "Type",
)


def _check(subject: Subject) -> Iterator[Wrong]:
    yield from _unknown(subject.definition.raw, _DEFINITION, (), "a definition")
    entries = subject.definition.raw.get("Parameters")
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict):
            yield from _unknown(entry, _PARAMETER, ("Parameters", index), "a parameter")
    for step, kind in subject.kinds():
        yield from _unknown(step.raw, (*_STEP, *kind.settings), step.where, f"a step of type {step.type}")
        for name, required in kind.settings.items():
            value = step.settings.get(name)
            if required and not (is_expression(value) or (isinstance(value, str) and value)):
                message = f"A step of type {step.type} needs {name}, as text beside its Arguments."
                yield Wrong((*step.where, name), message, f"Add {name}.")


def _unknown(given: Iterable[object], known: tuple[str, ...], where: Where, what: str) -> Iterator[Wrong]:
    for name in given:
        if name in known:
            continue
        # A misspelt member would silently have no effect; an unknown one may be newer than this list.
        misspelt = bool(difflib.get_close_matches(str(name)[:80], known, n=1, cutoff=0.75))
        fix = suggest(str(name), known, "member") if misspelt else "Remove it unless the service is known to take it."
        message = f"{name} is not a member that {what} is known to have."
        yield Wrong((*where, str(name)), message, fix, "error" if misspelt else "warning")


RULE = Rule(
    id="members",
    description="Members are spelt as the service knows them, and those that a step's type requires are there.",
    source="SageMaker Python SDK, to_request of the step classes; its issue 2746: unknown property",
    check=_check,
)
