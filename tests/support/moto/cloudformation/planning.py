"""What a change set would do, found out without doing it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.support.moto.cloudformation import schema
from tests.support.moto.cloudformation.catalog import resource
from tests.support.moto.cloudformation.resource import Made
from tests.support.moto.cloudformation.services import Services
from tests.support.moto.cloudformation.state import Stack, Store
from tests.support.moto.cloudformation.template import Template
from tests.support.moto.cloudformation.wanted import Wanted


class _LaterKnown(Mapping[str, str]):
    """The attributes of a resource that is not there yet: text that equals no attribute of one that is."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getitem__(self, attribute: str) -> str:
        return f"({attribute} of {self._name}, once it is made)"

    def __contains__(self, attribute: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def plan(
    store: Store, stack: Stack, template: Template, parameters: Mapping[str, str], services: Services
) -> list[dict[str, Any]]:
    """Return the changes to resources, in the order in which they would be made, as DescribeChangeSet lists them.

    Raises:
        TemplateError: where the template cannot be deployed at all.
    """
    later: set[str] = set()

    def made(name: str) -> Made | None:
        standing = stack.resources.get(name)
        if standing is None or name in later:
            return Made(f"({name}, once it is made)", _LaterKnown(name))
        return standing.made

    wanted = Wanted(store, stack, template, parameters, services, made)
    changes = []
    for name in wanted.order:
        type_ = wanted.resources[name]["Type"]
        schema.of(type_, store.region)
        resource(type_)
        properties = wanted.properties(name)
        standing = stack.resources.get(name)
        if standing is None:
            changes.append(_change("Add", name, type_))
        elif standing.properties != properties:
            replaced = schema.replacing(schema.of(type_, store.region), standing.properties, properties)
            if replaced:
                later.add(name)
            changes.append(
                _change("Modify", name, type_)
                | {
                    "PhysicalResourceId": standing.made.id,
                    "Replacement": "True" if replaced else "False",
                    "Scope": ["Properties"],
                    "Details": _details(standing.properties, properties, replaced),
                }
            )
    for name, standing in stack.resources.items():
        if name not in wanted.resources:
            changes.append(_change("Remove", name, standing.type) | {"PhysicalResourceId": standing.made.id})
    wanted.outputs()
    return [{"Type": "Resource", "ResourceChange": each} for each in changes]


def _change(action: str, name: str, type_: str) -> dict[str, Any]:
    return {"Action": action, "LogicalResourceId": name, "ResourceType": type_}


def _details(before: Mapping[str, Any], after: Mapping[str, Any], replaced: list[str]) -> list[dict[str, Any]]:
    names = sorted({name for name in {*before, *after} if before.get(name) != after.get(name)})
    recreating = {path.split("/")[0] for path in replaced}
    return [
        {
            "Target": {
                "Attribute": "Properties",
                "Name": name,
                "RequiresRecreation": "Always" if name in recreating else "Never",
            },
            "Evaluation": "Static",
            "ChangeSource": "DirectModification",
        }
        for name in names
    ]
