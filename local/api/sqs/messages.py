"""Operations on messages: sent, received, deleted, hidden for longer; one by one and in batches."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from local.api.call import Call, Handler, Response
from local.api.errors import ServiceError
from local.api.sqs import lookups
from local.functions import queues
from local.functions.queues import Queue
from local.functions.wake import wake
from local.store.queues import Message

MAX_MESSAGES = 10
_LOOK_SECONDS = 0.05


def send_message(call: Call) -> Response:
    """Add a message to a queue; where the queue feeds a function, it is delivered."""
    sent = _send(call, lookups.queue(call), call.params)
    wake(call.store)
    return sent


def send_message_batch(call: Call) -> Response:
    """Add up to ten messages; each succeeds or fails by itself."""
    queue = lookups.queue(call)
    answer = _batch(call, lambda entry: _send(call, queue, entry))
    wake(call.store)
    return answer


def receive_message(call: Call) -> Response:
    """Return messages that are visible, waiting for one as long as the request allows."""
    queue = lookups.queue(call)
    params = call.params
    most = lookups.number(params.get("MaxNumberOfMessages", 1), "MaxNumberOfMessages", 1, MAX_MESSAGES)
    usual = int(queue.number("ReceiveMessageWaitTimeSeconds"))
    wait = lookups.number(params.get("WaitTimeSeconds", usual), "WaitTimeSeconds", 0, 20)
    given = params.get("VisibilityTimeout")
    hidden = None if given is None else float(lookups.number(given, "VisibilityTimeout", 0, 43_200))
    end = time.monotonic() + wait
    while True:
        found = queues.receive(call.store, queue, most=most, now=time.time(), hidden=hidden)
        if found or time.monotonic() >= end:
            return {"Messages": [_shown(message, params) for message in found]} if found else {}
        time.sleep(_LOOK_SECONDS)


def delete_message(call: Call) -> Response:
    """Delete a received message; deleting it again is no mistake."""
    call.store.messages.delete(lookups.queue(call).arn, [str(call.params.get("ReceiptHandle"))])
    return {}


def delete_message_batch(call: Call) -> Response:
    """Delete up to ten received messages."""
    queue = lookups.queue(call)

    def delete(entry: Mapping[str, Any]) -> Response:
        call.store.messages.delete(queue.arn, [str(entry.get("ReceiptHandle"))])
        return {}

    return _batch(call, delete)


def change_message_visibility(call: Call) -> Response:
    """Hide a received message for longer, or show it again."""
    queue = lookups.queue(call)
    seconds = lookups.number(call.params.get("VisibilityTimeout"), "VisibilityTimeout", 0, 43_200)
    if not call.store.messages.hide(queue.arn, str(call.params.get("ReceiptHandle")), call.now + seconds):
        raise ServiceError("ReceiptHandleIsInvalid", "The input receipt handle is invalid.")
    wake(call.store)
    return {}


def _send(call: Call, queue: Queue, params: Mapping[str, Any]) -> dict[str, Any]:
    text = lookups.body(params.get("MessageBody"))
    delay = lookups.number(params.get("DelaySeconds", int(queue.number("DelaySeconds"))), "DelaySeconds", 0, 900)
    attributes = params.get("MessageAttributes") or {}
    message_id = call.store.messages.send(queue.arn, text, now=call.now, delay=delay, attributes=attributes)
    return {"MessageId": message_id, "MD5OfMessageBody": queues.md5(text)}


def _batch(call: Call, act: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Response:
    entries = call.params.get("Entries") or []
    ids = [str(entry.get("Id")) for entry in entries]
    if not entries:
        raise ServiceError("EmptyBatchRequest", "There should be at least one entry in the request.")
    if len(entries) > MAX_MESSAGES:
        message = f"Maximum number of entries per request are {MAX_MESSAGES}. You have sent {len(entries)}."
        raise ServiceError("TooManyEntriesInBatchRequest", message)
    if len(set(ids)) < len(ids):
        raise ServiceError("BatchEntryIdsNotDistinct", "Two or more batch entries have the same Id.")
    done, failed = [], []
    for entry_id, entry in zip(ids, entries, strict=True):
        try:
            done.append({"Id": entry_id, **act(entry)})
        except ServiceError as error:
            failed.append({"Id": entry_id, "SenderFault": True, "Code": error.code, "Message": error.message})
    return {"Successful": done, "Failed": failed}


def _shown(message: Message, params: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "MessageId": message.id,
        "ReceiptHandle": message.receipt,
        "Body": message.body,
        "MD5OfBody": queues.md5(message.body),
    }
    asked = [*(params.get("AttributeNames") or []), *(params.get("MessageSystemAttributeNames") or [])]
    system = {
        name: value for name, value in queues.system_attributes(message).items() if name in asked or "All" in asked
    }
    names = params.get("MessageAttributeNames") or []
    own = {
        name: value
        for name, value in message.attributes.items()
        if any(
            name == each or each in ("All", ".*") or (each[-2:] == ".*" and name.startswith(each[:-1]))
            for each in names
        )
    }
    return {**shown, **({"Attributes": system} if system else {}), **({"MessageAttributes": own} if own else {})}


def _asked(name: str, names: list[str]) -> bool:
    prefixes = tuple(each[:-1] for each in names if each.endswith(".*"))
    return name in names or "All" in names or ".*" in names or name.startswith(prefixes)


OPERATIONS: dict[str, Handler] = {
    "ChangeMessageVisibility": change_message_visibility,
    "DeleteMessage": delete_message,
    "DeleteMessageBatch": delete_message_batch,
    "ReceiveMessage": receive_message,
    "SendMessage": send_message,
    "SendMessageBatch": send_message_batch,
}
