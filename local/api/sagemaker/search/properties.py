"""Properties of records by the names that searches give them: `HyperParameters.eta`, `InputDataConfig.ChannelName` …"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from local.api.sagemaker.search.records import shape_of

_NUMBERS = ("integer", "long", "float", "double")


@dataclass(frozen=True)
class Property:
    """One property: how to come to its values in a record, and of what kind they are."""

    name: str
    path: tuple[str, ...]
    kind: str
    """`text`, `number`, `time`, `boolean`, `hyperparameter` (text that may be a number) or `object`."""

    @property
    def is_text(self) -> bool:
        """Say whether the values are texts."""
        return self.kind in ("text", "hyperparameter")

    def values(self, body: Any) -> Iterator[Any]:
        """Yield the property's values in a record; several where a list lies on the way."""
        yield from _walk(body, self.path)

    def below(self, parent: Property) -> Property | None:
        """Return the same property as seen from an element of the list `parent`; None where it lies elsewhere."""
        length = len(parent.path)
        if self.path[:length] != parent.path or len(self.path) == length:
            return None
        return Property(self.name, self.path[length:], self.kind)


def find(resource: str, name: str) -> Property | None:
    """Return a resource's property; None where it has none of that name."""
    shape = shape_of(resource)
    head, _, rest = name.partition(".")
    if shape is None:
        return None
    if head == "Tags" and rest and rest not in ("Key", "Value"):
        return Property(name, ("Tags", f"={rest}"), "text") if "Tags" in shape.members else None
    if head == "Metrics" and rest and "FinalMetricDataList" in shape.members:
        return Property(name, ("FinalMetricDataList", f"={rest}"), "number")
    return _below(name, name, shape, ())


def _below(name: str, rest: str, shape: Shape, path: tuple[str, ...]) -> Property | None:
    if isinstance(shape, ListShape):
        return _below(name, rest, shape.member, path)
    if not rest:
        return Property(name, path, _kind(shape))
    if isinstance(shape, MapShape):
        # A key may hold dots of its own.
        kind = "hyperparameter" if path == ("HyperParameters",) else _kind(shape.value)
        return Property(name, (*path, rest), kind)
    if not isinstance(shape, StructureShape):
        return None
    head, _, left = rest.partition(".")
    member = shape.members.get(head)
    return None if member is None else _below(name, left, member, (*path, head))


def _kind(shape: Shape) -> str:
    if shape.type_name in _NUMBERS:
        return "number"
    return {"string": "text", "timestamp": "time", "boolean": "boolean"}.get(shape.type_name, "object")


def _walk(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    if isinstance(value, list):
        if path and path[0].startswith("="):
            yield from _named(value, path[0][1:])
        elif value and not path and isinstance(value[0], dict):
            yield value
        else:
            for item in value:
                yield from _walk(item, path)
    elif not path:
        if value is not None:
            yield value
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _walk(value[path[0]], path[1:])


def _named(pairs: list[Mapping[str, Any]], name: str) -> Iterator[Any]:
    """Yield the value of a tag or a metric, which stand in lists of names and values."""
    for pair in pairs:
        if name in (pair.get("Key"), pair.get("MetricName")):
            yield pair["Value"]
