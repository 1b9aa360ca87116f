"""Messages of a queue as a function's event, and what becomes of them afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.functions import queues
from local.functions.mappings import Feed
from local.functions.process import Outcome
from local.functions.queues import Queue
from local.store.queues import Message
from local.store.store import Store


@dataclass(frozen=True)
class Batch:
    """Messages that were received together, and when."""

    queue: Queue
    messages: tuple[Message, ...]
    taken: float

    @property
    def origin(self) -> str:
        """What names the batch: the same messages received again are another one."""
        first = self.messages[0]
        return f"queue/{self.queue.name}/{first.id}/{first.received}"

    @property
    def event(self) -> dict[str, Any]:
        """The event that Lambda makes of the messages."""
        return {"Records": [_record(self.queue, message) for message in self.messages]}


def take(store: Store, feed: Feed, *, now: float) -> Batch | None:
    """Receive what a queue has for a function, hidden for as long as the function may take; None for nothing."""
    queue = queues.ensure(store, feed.queue, now=now)
    hidden = max(queue.number("VisibilityTimeout"), feed.function.timeout)
    found = queues.receive(store, queue, most=feed.batch_size, now=now, hidden=hidden)
    return Batch(queue, tuple(found), now) if found else None


def give_back(store: Store, feed: Feed, batch: Batch, outcome: Outcome) -> None:
    """Delete what the function has dealt with; the rest is visible again when its queue's timeout is over."""
    failed = _failed(feed, batch, outcome)
    receipts = {message.id: str(message.receipt) for message in batch.messages}
    store.messages.delete(batch.queue.arn, [receipt for name, receipt in receipts.items() if name not in failed])
    for name in failed:
        until = batch.taken + batch.queue.number("VisibilityTimeout")
        store.messages.hide(batch.queue.arn, receipts[name], until)


def _failed(feed: Feed, batch: Batch, outcome: Outcome) -> set[str]:
    """Return the ids of the messages to be received again.

    Source: AWS Lambda Developer Guide, 'Implementing partial batch responses'.
    """
    everything = {message.id for message in batch.messages}
    if outcome.error is not None:
        return everything
    if not feed.report_failures or not isinstance(outcome.payload, Mapping):
        return set()
    listed = outcome.payload.get("batchItemFailures") or []
    try:
        names = {entry["itemIdentifier"] for entry in listed}
    except (TypeError, KeyError):
        return everything
    # An answer that names what was not asked is taken for no answer: everything failed.
    return names if names <= everything else everything


def _record(queue: Queue, message: Message) -> dict[str, Any]:
    _, _, _, region, _, _ = queue.arn.split(":")
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt,
        "body": message.body,
        "attributes": queues.system_attributes(message),
        "messageAttributes": {name: _attribute(value) for name, value in message.attributes.items()},
        "md5OfBody": queues.md5(message.body),
        "eventSource": "aws:sqs",
        "eventSourceARN": queue.arn,
        "awsRegion": region,
    }


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message attribute in Lambda's spelling, which is not SQS's."""
    found = {name[0].lower() + name[1:]: content for name, content in value.items()}
    return {"stringListValues": [], "binaryListValues": [], **found}
