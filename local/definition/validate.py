"""Holds a definition against every rule and lists everything that is wrong with it, in the document's order."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from local.definition.document import Step
from local.definition.findings import Finding, Json, Where, show
from local.definition.reader import read
from local.definition.rule import Rule, Subject, Wrong
from local.definition.rules import every_rule

# Nobody reads further, and a hostile definition must not make a list without end.
MOST_PER_RULE = 100


def validate(raw: Json, text_size: int | None = None) -> list[Finding]:
    """Lists what is wrong with a definition: a parsed JSON value of any kind, never raising.

    `text_size` is the length in characters of the text that it was parsed from, when that is known.
    """
    reading = read(raw)
    subject = Subject(reading, reading.definition.raw, text_size)
    if not reading.readable:
        return reading.findings
    steps = {step.where: step for step in reading.steps}
    found = [finding for rule in every_rule() for finding in _apply(rule, subject, steps)]
    positions = _Positions(reading.definition.raw)
    return sorted(found, key=lambda finding: (positions.of(finding.where), finding.rule))


def _apply(rule: Rule, subject: Subject, steps: dict[Where, Step]) -> Iterable[Finding]:
    for index, wrong in enumerate(islice(rule.check(subject), MOST_PER_RULE + 1)):
        if index == MOST_PER_RULE:
            message = f"There are more than {MOST_PER_RULE} findings of the rule {rule.id}; the rest are not shown."
            yield Finding(rule.id, show(()), message, "Mend these first.")
        elif isinstance(wrong, Wrong):
            path = show(wrong.where, _step_of(wrong.where, steps))
            yield Finding(rule.id, path, wrong.message, wrong.fix, wrong.severity, wrong.where)
        else:
            yield wrong


def _step_of(where: Where, steps: dict[Where, Step]) -> str | None:
    """The name of the innermost step that a place lies in."""
    for length in range(len(where), 1, -1):
        step = steps.get(where[:length])
        if step is not None:
            return step.name
    return None


class _Positions:
    """Turns places into keys that sort as the document reads; what is missing comes after what is there."""

    def __init__(self, raw: Json) -> None:
        self._raw = raw
        self._orders: dict[int, dict[str, int]] = {}

    def of(self, where: Where) -> tuple[int, ...]:
        value = self._raw
        key = []
        for part in where:
            if isinstance(part, int):
                key.append(part)
                value = value[part] if isinstance(value, list) and part < len(value) else None
            else:
                order = self._order(value)
                key.append(order.get(part, len(order)))
                value = value.get(part) if isinstance(value, dict) else None
        return tuple(key)

    def _order(self, value: Json) -> dict[str, int]:
        if not isinstance(value, dict):
            return {}
        if id(value) not in self._orders:
            self._orders[id(value)] = {str(name): index for index, name in enumerate(value)}
        return self._orders[id(value)]
