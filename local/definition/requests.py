"""The requests that a definition's steps will make, held against the service's shapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.definition.catalog import StepKind
from local.definition.document import Step
from local.definition.faults import Fault
from local.definition.findings import Json, Where
from local.definition.models import named_shape, request_shape
from local.definition.shapes import Checker, Site

if TYPE_CHECKING:
    from botocore.model import Shape

    from local.definition.rule import Subject


@dataclass(frozen=True)
class Request:
    """One request of a step: what is wrong with it, and where it has expressions. Places are those of the document."""

    step: Step
    faults: tuple[Fault, ...]
    sites: tuple[Site, ...]


def requests_of(subject: Subject) -> list[Request]:
    """Checks the requests of every step whose type makes any."""
    return [request for step, kind in subject.kinds() for request in _of_step(step, kind)]


def _of_step(step: Step, kind: StepKind) -> Iterator[Request]:
    where: Where = (*step.where, "Arguments")
    if kind.operation is not None:
        yield _check(step, step.own_arguments, request_shape(kind.operation), where, kind.filled)
    for name, part in kind.parts.items():
        value = step.arguments.get(name)
        if value is None:
            continue
        shape = named_shape(part.shape, part.service)
        if not part.many:
            yield _check(step, value, shape, (*where, name), part.filled)
        elif isinstance(value, list):
            for index, each in enumerate(value):
                yield _check(step, each, shape, (*where, name, index), part.filled)


def _check(step: Step, value: Json, shape: Shape, where: Where, filled: tuple[str, ...]) -> Request:
    checker = Checker(expressions=True)
    faults = checker.run(value, shape, where)
    provided = {(*where, name) for name in filled}
    kept = tuple(fault for fault in faults if fault.where not in provided or fault.value is not None)
    return Request(step, kept, tuple(checker.sites))
