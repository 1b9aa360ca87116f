"""What is there: stacks, their resources and events, change sets, exports; one store for each account and region."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.support.moto.cloudformation.resource import Made
from tests.support.moto.cloudformation.template import Template

DELETED = "DELETE_COMPLETE"


def now() -> dt.datetime:
    """Return the time of an event."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Standing:
    """A resource of a stack as it stands."""

    type: str
    properties: dict[str, Any]
    made: Made
    retained: bool
    retained_when_replaced: bool
    since: dt.datetime = field(default_factory=now)


@dataclass
class Stack:
    """A stack and everything that happened to it."""

    name: str
    id: str
    status: str
    text: str = ""
    template: Template = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    resources: dict[str, Standing] = field(default_factory=dict)
    outputs: list[dict[str, str]] = field(default_factory=list)
    imports: frozenset[str] = frozenset()
    events: list[dict[str, Any]] = field(default_factory=list)
    tags: list[dict[str, str]] = field(default_factory=list)
    capabilities: list[str] = field(default_factory=list)
    role: str | None = None
    reason: str | None = None
    protected: bool = False
    created: dt.datetime = field(default_factory=now)
    updated: dt.datetime | None = None
    order: list[str] = field(default_factory=list)
    token: str | None = None

    @property
    def exports(self) -> dict[str, str]:
        """What other stacks may import, by name."""
        return {each["ExportName"]: each["OutputValue"] for each in self.outputs if "ExportName" in each}

    def become(self, status: str, reason: str | None = None) -> None:
        """Take on a status, and say so in an event."""
        self.status, self.reason = status, reason
        self.say(self.name, self.id, "AWS::CloudFormation::Stack", status, reason)

    def say(self, logical_id: str, physical_id: str, type_: str, status: str, reason: str | None = None) -> None:
        """Write down an event."""
        event = {
            "StackId": self.id,
            "StackName": self.name,
            "EventId": f"{logical_id}-{status}-{uuid.uuid4()}",
            "LogicalResourceId": logical_id,
            "PhysicalResourceId": physical_id,
            "ResourceType": type_,
            "ResourceStatus": status,
            "Timestamp": now(),
        }
        token = {"ClientRequestToken": self.token} if self.token else {}
        self.events.append(event | token | ({"ResourceStatusReason": reason} if reason else {}))


@dataclass
class ChangeSet:
    """A change that was asked for, and what it would do."""

    name: str
    id: str
    stack: Stack
    kind: str
    text: str
    template: Template
    parameters: dict[str, str]
    request: dict[str, Any]
    changes: list[dict[str, Any]]
    status: str = "CREATE_COMPLETE"
    reason: str | None = None
    created: dt.datetime = field(default_factory=now)


@dataclass
class Store:
    """The stacks of one account and region."""

    account: str
    region: str
    stacks: list[Stack] = field(default_factory=list)
    change_sets: dict[str, ChangeSet] = field(default_factory=dict)

    def stack(self, name_or_id: str) -> Stack | None:
        """Return a stack: by its name while it is there, by its id also when it has been deleted."""
        for each in reversed(self.stacks):
            if each.id == name_or_id or (each.name == name_or_id and each.status != DELETED):
                return each
        return None

    def add(self, name: str, status: str) -> Stack:
        """Add a stack that has nothing in it."""
        arn = f"arn:aws:cloudformation:{self.region}:{self.account}:stack/{name}/{uuid.uuid4()}"
        stack = Stack(name, arn, status)
        self.stacks.append(stack)
        return stack

    def exported(self, name: str) -> str | None:
        """Return the value of an export."""
        return next((each.exports[name] for each in self._standing() if name in each.exports), None)

    def exporter(self, name: str) -> Stack | None:
        """Return the stack whose export this is."""
        return next((each for each in self._standing() if name in each.exports), None)

    def importers(self, name: str) -> list[str]:
        """Return the names of the stacks that import an export."""
        return [each.name for each in self._standing() if name in each.imports]

    def _standing(self) -> list[Stack]:
        return [each for each in self.stacks if each.status != DELETED]
