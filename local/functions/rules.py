"""Rules of the event bus, as the API makes them: which events go to which targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.functions import patterns
from local.store.names import arn
from local.store.resources import Resource
from local.store.store import Store

KIND = "EventRule"
ENABLED, DISABLED = "ENABLED", "DISABLED"
STATES = (ENABLED, DISABLED, "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")


@dataclass(frozen=True)
class Target:
    """Where a rule's events go: EventBridge's own description, and the moment from which it holds."""

    given: Mapping[str, Any]
    since: float


@dataclass(frozen=True)
class Rule:
    """One rule; what happened before `since`, its making or last enabling, is none of its business."""

    name: str
    arn: str
    pattern: Mapping[str, Any]
    state: str
    since: float
    targets: tuple[Target, ...] = ()
    description: str = ""
    role: str = ""

    @property
    def enabled(self) -> bool:
        """Say whether events are sent on."""
        return self.state != DISABLED


@dataclass(frozen=True)
class Delivery:
    """One event for one target; `origin` names both, so that nothing is delivered twice."""

    rule: Rule
    target: Mapping[str, Any]
    event: Mapping[str, Any]

    @property
    def origin(self) -> str:
        """What names the delivery."""
        return f"event/{self.event['id']}/{self.rule.name}/{self.target['Id']}"


def rule_arn(name: str) -> str:
    """Return the ARN of a rule of the default bus."""
    return arn(f"rule/{name}", service="events")


def find(store: Store, name: str) -> Rule | None:
    """Return the rule of a name, None where there is none."""
    found = store.resources.get(KIND, name)
    return None if found is None else _read(found)


def rules(store: Store) -> list[Rule]:
    """Return all rules, the oldest first."""
    return [_read(each) for each in store.resources.list(KIND)]


def put(store: Store, rule: Rule, *, now: float) -> None:
    """Make a rule, or replace the one of its name."""
    body = {
        "pattern": dict(rule.pattern),
        "state": rule.state,
        "since": rule.since,
        "targets": [{"given": dict(target.given), "since": target.since} for target in rule.targets],
        "description": rule.description,
        "role": rule.role,
    }
    store.resources.put(KIND, rule.name, rule.arn, body, now=now, status=rule.state)


def listening(store: Store) -> bool:
    """Say whether a rule would send an event on."""
    return any(rule.enabled and rule.targets for rule in rules(store))


def deliveries(store: Store, events: Sequence[tuple[Mapping[str, Any], float]]) -> Iterator[Delivery]:
    """Yield what the rules make of events, each given with its moment."""
    for rule in rules(store):
        if not rule.enabled:
            continue
        for event, moment in events:
            if moment >= rule.since and patterns.matches(rule.pattern, event):
                yield from (Delivery(rule, each.given, event) for each in rule.targets if moment >= each.since)


def _read(found: Resource) -> Rule:
    body = found.body
    targets = tuple(Target(each["given"], each["since"]) for each in body["targets"])
    return Rule(found.name, found.arn, **{**body, "targets": targets})
