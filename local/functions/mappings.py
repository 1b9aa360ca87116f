"""Event source mappings, as the API makes them: which queue's messages go to which function."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from local.functions import manifest
from local.functions.manifest import MAX_BATCH, Function
from local.store.names import arn
from local.store.resources import Resource
from local.store.store import Store

KIND = "EventSourceMapping"


@dataclass(frozen=True)
class SourceMapping:
    """One mapping: `function` and `queue` are ARNs, `modified` is in seconds since 1970."""

    uuid: str
    function: str
    queue: str
    batch_size: int = MAX_BATCH
    window: int = 0
    report_failures: bool = False
    enabled: bool = True
    modified: float = 0.0

    @property
    def arn(self) -> str:
        """The mapping's own ARN."""
        return arn(f"event-source-mapping:{self.uuid}", service="lambda")


@dataclass(frozen=True)
class Feed:
    """A function and the queue that feeds it; `key` tells the feeds of one function apart."""

    key: str
    function: Function
    queue: str
    batch_size: int
    report_failures: bool


def find(store: Store, uuid: str) -> SourceMapping | None:
    """Return the mapping of an id, None where there is none."""
    found = store.resources.get(KIND, uuid)
    return None if found is None else _read(found)


def mappings(store: Store) -> list[SourceMapping]:
    """Return all mappings, the oldest first."""
    return [_read(each) for each in store.resources.list(KIND)]


def put(store: Store, mapping: SourceMapping) -> None:
    """Make a mapping, or replace the one of its id."""
    store.resources.put(KIND, mapping.uuid, mapping.arn, asdict(mapping), now=mapping.modified)


def feeds(store: Store) -> list[Feed]:
    """Return what is to be fed: functions registered with a queue, and those of the mappings that are enabled."""
    found = [
        Feed(function.name, function, function.queue, function.batch_size, function.report_failures)
        for function in manifest.functions(store)
        if function.queue is not None
    ]
    for mapping in mappings(store):
        function = manifest.find(store, mapping.function) if mapping.enabled else None
        if function is not None:
            found.append(Feed(mapping.uuid, function, mapping.queue, mapping.batch_size, mapping.report_failures))
    return found


def _read(found: Resource) -> SourceMapping:
    return SourceMapping(**found.body)
