"""Queues: their names, URLs and settings. Messages are in the store."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from local.store.names import ACCOUNT, PARTITION, REGION
from local.store.queues import Message
from local.store.resources import Resource
from local.store.store import Store

KIND = "Queue"
DEFAULTS = {
    "DelaySeconds": "0",
    "MaximumMessageSize": "1048576",
    "MessageRetentionPeriod": "345600",
    "ReceiveMessageWaitTimeSeconds": "0",
    "VisibilityTimeout": "30",
}
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
_ARN = re.compile(r"arn:[^:]+:sqs:([^:]+):([^:]+):([A-Za-z0-9_-]{1,80})")
_HOST = re.compile(r"(?:sqs\.)?([a-z0-9-]+)\.(?:queue\.)?amazonaws\.com(?:\.cn)?")


@dataclass(frozen=True)
class Queue:
    """One queue; `url` names it everywhere, also where it was deployed in another account or region."""

    name: str
    arn: str
    url: str
    attributes: Mapping[str, str]

    def number(self, attribute: str) -> float:
        """Return a setting that is a number."""
        return float(self.attributes.get(attribute, DEFAULTS[attribute]))

    @property
    def redrive(self) -> tuple[str, int] | None:
        """The ARN of the dead-letter queue and how often a message is received before it goes there."""
        policy = self.attributes.get("RedrivePolicy")
        if not policy:
            return None
        found = json.loads(policy)
        return str(found["deadLetterTargetArn"]), int(found["maxReceiveCount"])


class QueueNameError(ValueError):
    """A URL, an ARN or a name that is no queue's; the message says so."""


def queue_url(name: str, *, account: str = ACCOUNT, region: str = REGION) -> str:
    """Return a queue's URL as the service writes it."""
    return f"https://sqs.{region}.amazonaws.com/{account}/{name}"


def queue_arn(name: str, *, account: str = ACCOUNT, region: str = REGION) -> str:
    """Return a queue's ARN."""
    return f"arn:{PARTITION}:sqs:{region}:{account}:{name}"


def find(store: Store, url_or_arn: str) -> Queue | None:
    """Return the queue of a URL or an ARN, None where there is none.

    Raises:
        QueueNameError: it is neither.
    """
    found = store.resources.by_arn(_arn(url_or_arn))
    return None if found is None or found.kind != KIND else read(found)


def ensure(store: Store, url_or_arn: str, *, now: float) -> Queue:
    """Return the queue of a URL or an ARN, made where there is none: definitions name queues deployed elsewhere.

    Raises:
        QueueNameError: it is neither.
    """
    with store.database.transaction():
        return find(store, url_or_arn) or put(store, _arn(url_or_arn), {}, now=now)


def put(store: Store, arn: str, attributes: Mapping[str, str], *, now: float) -> Queue:
    """Make a queue, or replace its settings.

    Raises:
        QueueNameError: the ARN is not a queue's.
    """
    check_arn(arn)
    _, _, _, region, account, name = arn.split(":")
    body = {
        "QueueName": name,
        "QueueUrl": queue_url(name, account=account, region=region),
        "Attributes": {**DEFAULTS, **attributes},
    }
    # Queues of other accounts may have the same name: their ARN tells them apart.
    own = (region, account) == (REGION, ACCOUNT)
    return read(store.resources.put(KIND, name if own else arn, arn, body, now=now))


def queues(store: Store) -> list[Queue]:
    """Return all queues, the oldest first."""
    return [read(each) for each in store.resources.list(KIND)]


def receive(store: Store, queue: Queue, *, most: int, now: float, hidden: float | None = None) -> list[Message]:
    """Receive messages; what is too old is forgotten, and what was received too often goes to the dead-letter queue."""
    store.messages.purge(queue.arn, before=now - queue.number("MessageRetentionPeriod"))
    if queue.redrive is not None:
        other, count = queue.redrive
        store.messages.move_worn(queue.arn, other, most=count, now=now)
    seconds = queue.number("VisibilityTimeout") if hidden is None else hidden
    return store.messages.receive(queue.arn, most=most, hidden=seconds, now=now)


def system_attributes(message: Message) -> dict[str, str]:
    """Return what the service itself notes on a message: times in milliseconds since 1970."""
    return {
        "ApproximateReceiveCount": str(message.received),
        "SentTimestamp": str(int(message.sent * 1000)),
        "SenderId": "AIDALAPTOP0000000000",
        "ApproximateFirstReceiveTimestamp": str(int((message.first_received or 0.0) * 1000)),
    }


def md5(text: str) -> str:
    """Return the digest that the service gives with a body, so that clients see what arrived."""
    return hashlib.md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def is_arn(text: str) -> bool:
    """Say whether a text is a queue's ARN."""
    return _ARN.fullmatch(text) is not None


def check_arn(arn: str) -> None:
    """Raise QueueNameError where a text is not a queue's ARN."""
    if not is_arn(arn):
        raise QueueNameError(f"{arn!r} is not a queue's ARN.")


def read(resource: Resource) -> Queue:
    """Return the queue that a resource holds."""
    body: dict[str, Any] = resource.body
    return Queue(body["QueueName"], resource.arn, body["QueueUrl"], body["Attributes"])


def _arn(url_or_arn: str) -> str:
    if _ARN.fullmatch(url_or_arn):
        return url_or_arn
    parts = urlsplit(url_or_arn)
    places = parts.path.strip("/").split("/")
    if parts.scheme not in ("http", "https") or len(places) != 2 or not _NAME.fullmatch(places[1]):
        raise QueueNameError(f"{url_or_arn!r} is not a queue's URL.")
    host = _HOST.fullmatch(parts.hostname or "")
    return queue_arn(places[1], account=places[0], region=host[1] if host and host[1] != "queue" else REGION)
