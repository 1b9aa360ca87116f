"""Makes, changes and deletes one resource."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from tests.support.moto.cloudformation.catalog import resource
from tests.support.moto.cloudformation.errors import UnsupportedError, reason
from tests.support.moto.cloudformation.properties import Properties
from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.services import Services
from tests.support.moto.cloudformation.state import Stack, Standing, Store


class Work:
    """The calls for the resources of one stack."""

    def __init__(self, store: Store, stack: Stack, services: Services) -> None:
        self._store = store
        self._stack = stack
        self._services = services

    def create(self, name: str, kind: Resource, properties: Mapping[str, Any]) -> tuple[Made, list[str]]:
        """Make a resource; return it, and the properties that nothing was done with."""
        order = self._order(kind, name, properties, {}, None)
        client = self._services(kind.service)
        try:
            return kind.create(order, client), order.properties.unused()
        except Exception:
            if order.made is not None:
                kind.delete(self._order(kind, name, properties, properties, order.made), client)
            raise

    def find(self, name: str, kind: Resource, properties: Mapping[str, Any]) -> Made | None:
        """Return the resource that is there already under the name that the template gives, if it does."""
        if kind.find is None or kind.name not in properties:
            return None
        return kind.find(self._order(kind, name, properties, {}, None), self._services(kind.service))

    def update(self, name: str, standing: Standing, properties: Mapping[str, Any]) -> Made:
        """Change a resource in place.

        Raises:
            UnsupportedError: where the type has no update, or its update leaves a changed property unused.
        """
        kind = resource(standing.type)
        before = standing.properties
        changed = {each for each in {*properties, *before} if properties.get(each) != before.get(each)}
        if kind.update is None:
            raise UnsupportedError(
                f"The test support cannot change {', '.join(sorted(changed))} of {kind.type} in place: give its module "
                "an update"
            )
        order = self._order(kind, name, properties, before, standing.made)
        made = kind.update(order, self._services(kind.service))
        self.refuse(kind.type, [each for each in order.properties.unused() if each.split("/")[0] in changed])
        return made

    def refuse(self, type_: str, unused: list[str]) -> None:
        """Fail over properties that nothing was done with.

        Raises:
            UnsupportedError: with their names.
        """
        if unused:
            raise UnsupportedError(f"The test support does nothing with {', '.join(unused)} of {type_}")

    def leave(self, name: str, standing: Standing, *, retained: bool) -> bool:
        """Delete a resource, or leave it where it is; return whether that worked. The stack's events say which."""

        if retained:
            self._stack.say(name, standing.made.id, standing.type, "DELETE_SKIPPED")
            return True
        kind = resource(standing.type)
        order = self._order(kind, name, standing.properties, standing.properties, standing.made)
        self._stack.say(name, standing.made.id, standing.type, "DELETE_IN_PROGRESS")
        try:
            kind.delete(order, self._services(kind.service))
        except Exception as error:  # noqa: BLE001 - whatever fails is the stack's reason
            self._stack.say(name, standing.made.id, standing.type, "DELETE_FAILED", reason(error))
            return False
        self._stack.say(name, standing.made.id, standing.type, "DELETE_COMPLETE")
        return True

    def _order(
        self, kind: Resource, name: str, wanted: Mapping[str, Any], before: Mapping[str, Any], made: Made | None
    ) -> Order:
        tail = uuid.uuid4().hex[:12]
        generated = f"{self._stack.name}-{name}"[: kind.name_length - len(tail) - 1]
        return Order(
            account=self._store.account,
            region=self._store.region,
            name=f"{generated}-{tail}",
            properties=Properties(wanted),
            before=before,
            made=made,
            service=self._services,
        )
