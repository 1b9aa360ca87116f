"""What a rule is and what it looks at; the rules themselves are one file each in `local.definition.rules`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from local.definition.catalog import STEP_KINDS, StepKind
from local.definition.document import NESTED_STEPS, Definition, Step
from local.definition.findings import Finding, Json, Severity, Where
from local.definition.reader import Reading
from local.definition.references import Reference, references

if TYPE_CHECKING:
    from local.definition.requests import Request


@dataclass(frozen=True)
class Wrong:
    """One thing that a rule found: where, a sentence that names it, and how to mend it."""

    where: Where
    message: str
    fix: str
    severity: Severity = "error"


@dataclass(frozen=True)
class Rule:
    """One check of a definition; `source` is the documentation that it follows."""

    id: str
    description: str
    source: str
    check: Callable[[Subject], Iterable[Wrong | Finding]]


@dataclass
class Subject:
    """A definition under examination, with what several rules need of it worked out once."""

    reading: Reading
    raw: Json
    text_size: int | None = None

    @property
    def definition(self) -> Definition:
        """What could be read of the definition."""
        return self.reading.definition

    @property
    def steps(self) -> list[Step]:
        """Every step in document order: those in branches and loops, and namesakes."""
        return self.reading.steps

    def kinds(self) -> Iterator[tuple[Step, StepKind]]:
        """Every step whose type exists, with what that type is."""
        for step in self.steps:
            if step.type in STEP_KINDS:
                yield step, STEP_KINDS[step.type]

    @cached_property
    def references(self) -> list[tuple[Step | None, Where, Reference]]:
        """Every reference with its place; the step is None for those that stand outside all steps."""
        outside = {key: value for key, value in self.definition.raw.items() if key not in ("Steps", "Parameters")}
        found: list[tuple[Step | None, Where, Reference]] = [(None, each.where, each) for each in references(outside)]
        for step in self.steps:
            found.extend((step, (*step.where, *each.where), each) for each in step.references)
        return found

    def step_named(self, name: str, reader: Step | None) -> Step | None:
        """The step that a reference in `reader` means: one of its own loop's body, or any outside loops."""
        inside = self.definition.loop_steps.get(name)
        if inside is not None and reader is not None and reader.loop == inside.loop:
            return inside
        return self.definition.steps.get(name)

    def own_parts(self, step: Step) -> Iterator[tuple[Where, Json]]:
        """The parts of a step that are its own, each with its place: Arguments without nested steps, and the rest."""
        for key, value in step.raw.items():
            if key == "Arguments" and isinstance(value, dict):
                for name, member in value.items():
                    if name not in NESTED_STEPS or step.type not in ("Condition", "ForEach"):
                        yield (*step.where, key, str(name)), member
            else:
                yield (*step.where, str(key)), value

    @cached_property
    def requests(self) -> list[Request]:
        """The requests that the steps will make, each held against its shape."""
        from local.definition.requests import requests_of  # noqa: PLC0415 (loads the service's model)

        return requests_of(self)
