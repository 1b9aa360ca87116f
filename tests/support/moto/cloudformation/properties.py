"""A resource's properties, with a record of which were used: one that is not used must not pass for done."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any


class Properties:
    """Properties that are taken one by one, or handed on whole to a call whose parameters boto3 holds to its model."""

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        self._left = copy.deepcopy(dict(values))
        self._path = path
        self._groups: list[Properties] = []

    def __contains__(self, name: str) -> bool:
        return name in self._left

    def take(self, name: str, default: Any = None) -> Any:
        """Return a property, which is then used."""
        return self._left.pop(name, default)

    def some(self, *names: str, **renamed: str) -> dict[str, Any]:
        """Return those of the named properties that are there; ``renamed`` gives them another name: ``new="Old"``."""
        wanted = {name: name for name in names} | renamed
        return {new: self._left.pop(name) for new, name in wanted.items() if name in self._left}

    def rest(self) -> dict[str, Any]:
        """Return every property that nothing has taken, for a call that takes them as they are."""
        left, self._left = self._left, {}
        return left

    def group(self, name: str) -> Properties:
        """Return the members of a property as properties of their own. A property that is not there has none."""
        return self.nested(self._left.pop(name, {}), name)

    def groups(self, name: str) -> list[Properties]:
        """Return the items of a list as properties of their own."""
        return [self.nested(each, f"{name}/{index}") for index, each in enumerate(self._left.pop(name, ()))]

    def nested(self, values: Mapping[str, Any], name: str) -> Properties:
        """Return properties whose use is recorded with these."""
        group = Properties(values, f"{self._path}{name}/")
        self._groups.append(group)
        return group

    def document(self, name: str) -> str:
        """Return a policy or another JSON document as text, which calls want."""
        value = self.take(name)
        return value if isinstance(value, str) else json.dumps(value)

    def unused(self) -> list[str]:
        """Return the paths of what nothing has taken."""
        own = [f"{self._path}{name}" for name in self._left]
        return sorted(own + [path for group in self._groups for path in group.unused()])
