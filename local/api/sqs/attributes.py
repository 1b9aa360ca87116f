"""Operations on queues: made, found, set and deleted."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from local.api import paging
from local.api.call import Call, Handler, Response
from local.api.errors import ServiceError
from local.api.sqs import lookups
from local.functions import queues
from local.store.names import ACCOUNT

_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
# Settings that are numbers, each with its limits.
_LIMITS = {
    "DelaySeconds": (0, 900),
    "MaximumMessageSize": (1024, 1_048_576),
    "MessageRetentionPeriod": (60, 1_209_600),
    "ReceiveMessageWaitTimeSeconds": (0, 20),
    "VisibilityTimeout": (0, 43_200),
}
# Settings that are taken and have no effect here: keys, rights.
_KEPT = ("KmsDataKeyReusePeriodSeconds", "KmsMasterKeyId", "Policy", "RedriveAllowPolicy", "SqsManagedSseEnabled")


def create_queue(call: Call) -> Response:
    """Make a queue; the same name with the same settings is the same queue."""
    name = str(call.params.get("QueueName", ""))
    if name.endswith(".fifo"):
        raise ServiceError("UnsupportedOperation", "The laptop has no FIFO queues; use a standard one.")
    if not _NAME.fullmatch(name):
        raise ServiceError("InvalidParameterValue", "Can only include alphanumeric characters, hyphens, or underscores")
    given = _settings(call.params.get("Attributes") or {})
    arn = queues.queue_arn(name)
    with call.store.database.transaction():
        found = queues.find(call.store, arn)
        if found is not None and any(found.attributes.get(key) != value for key, value in given.items()):
            message = f"A queue already exists with the same name and a different value: {name}"
            raise ServiceError("QueueNameExists", message)
        found = found or queues.put(call.store, arn, given, now=call.now)
    return {"QueueUrl": found.url}


def get_queue_url(call: Call) -> Response:
    """Return a queue's URL by its name."""
    account = call.params.get("QueueOwnerAWSAccountId") or ACCOUNT
    try:
        found = queues.find(call.store, queues.queue_arn(str(call.params.get("QueueName", "")), account=account))
    except queues.QueueNameError:
        found = None
    if found is None:
        raise ServiceError("QueueDoesNotExist", "The specified queue does not exist.")
    return {"QueueUrl": found.url}


def list_queues(call: Call) -> Response:
    """Return the queues' URLs."""
    prefix = call.params.get("QueueNamePrefix", "")
    urls = [queue.url for queue in queues.queues(call.store) if queue.name.startswith(prefix)]
    chosen, token = paging.page(urls, call.params, lambda url: (url, url), descending=False, limit=1000)
    return paging.answer("QueueUrls", chosen, token)  # type: ignore[arg-type] # a list of texts, not of summaries


def get_queue_attributes(call: Call) -> Response:
    """Return a queue's settings and about how many messages it has."""
    queue = lookups.queue(call)
    visible, hidden, delayed = call.store.messages.counts(queue.arn, call.now)
    known = {
        **queue.attributes,
        "QueueArn": queue.arn,
        "ApproximateNumberOfMessages": str(visible),
        "ApproximateNumberOfMessagesNotVisible": str(hidden),
        "ApproximateNumberOfMessagesDelayed": str(delayed),
    }
    asked = call.params.get("AttributeNames") or []
    found = {name: value for name, value in known.items() if name in asked or "All" in asked}
    return {"Attributes": found} if found else {}


def set_queue_attributes(call: Call) -> Response:
    """Change a queue's settings."""
    queue = lookups.queue(call)
    given = _settings(call.params.get("Attributes") or {})
    queues.put(call.store, queue.arn, {**queue.attributes, **given}, now=call.now)
    return {}


def delete_queue(call: Call) -> Response:
    """Delete a queue with its messages."""
    queue = lookups.queue(call)
    with call.store.database.transaction():
        call.store.messages.purge(queue.arn)
        for name in (queue.name, queue.arn):
            found = call.store.resources.get(queues.KIND, name)
            if found is not None and found.arn == queue.arn:
                call.store.resources.delete(queues.KIND, name)
    return {}


def purge_queue(call: Call) -> Response:
    """Delete a queue's messages."""
    call.store.messages.purge(lookups.queue(call).arn)
    return {}


def _settings(given: Mapping[str, str]) -> dict[str, str]:
    for name, value in given.items():
        if name in _LIMITS:
            lookups.number(value, name, *_LIMITS[name])
        elif name == "RedrivePolicy":
            _check_redrive(value)
        elif name not in _KEPT:
            raise ServiceError("InvalidAttributeName", f"Unknown Attribute {name}.")
    return dict(given)


def _check_redrive(text: str) -> None:
    try:
        policy = json.loads(text) if text else None
        if policy is not None:
            queues.check_arn(str(policy["deadLetterTargetArn"]))
            lookups.number(policy["maxReceiveCount"], "maxReceiveCount", 1, 1000)
    except (ValueError, KeyError, TypeError):
        message = f"Value {text:.200} for parameter RedrivePolicy is invalid. Reason: Redrive policy does not fit."
        raise ServiceError("InvalidAttributeValue", message) from None


OPERATIONS: dict[str, Handler] = {
    "CreateQueue": create_queue,
    "DeleteQueue": delete_queue,
    "GetQueueAttributes": get_queue_attributes,
    "GetQueueUrl": get_queue_url,
    "ListQueues": list_queues,
    "PurgeQueue": purge_queue,
    "SetQueueAttributes": set_queue_attributes,
}
