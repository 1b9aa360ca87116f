"""Requests to every operation of the services around functions, in an order in which each can be answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Response = Mapping[str, Any]
Given = Callable[[dict[str, Response]], dict[str, Any]]

FUNCTION = "double"
SOURCE = "def handler(event, context):\n    return 2 * event['number']\n"
_QUEUE = {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/000000000000/work"}


def _receipt(before: dict[str, Response]) -> dict[str, str]:
    return {"ReceiptHandle": before["ReceiveMessage"]["Messages"][0]["ReceiptHandle"]}


def _function(_: dict[str, Response]) -> dict[str, Any]:
    return {"FunctionName": FUNCTION}


LAMBDA: dict[str, Given] = {
    "GetFunction": _function,
    "GetFunctionConfiguration": _function,
    "ListFunctions": lambda _: {},
    "Invoke": lambda _: {"FunctionName": FUNCTION, "Payload": b'{"number": 2}', "LogType": "Tail"},
}
EVENTS: dict[str, Given] = {
    "PutEvents": lambda _: {"Entries": [{"Source": "mine", "DetailType": "Done", "Detail": "{}"}]},
    "TestEventPattern": lambda _: {"EventPattern": '{"source": ["mine"]}', "Event": '{"source": "mine"}'},
}
SQS: dict[str, Given] = {
    "CreateQueue": lambda _: {"QueueName": "work"},
    "GetQueueUrl": lambda _: {"QueueName": "work"},
    "ListQueues": lambda _: {},
    "SetQueueAttributes": lambda _: {**_QUEUE, "Attributes": {"DelaySeconds": "0"}},
    "SendMessage": lambda _: {**_QUEUE, "MessageBody": "one"},
    "SendMessageBatch": lambda _: {**_QUEUE, "Entries": [{"Id": "a", "MessageBody": "two"}]},
    "GetQueueAttributes": lambda _: {**_QUEUE, "AttributeNames": ["All"]},
    "ReceiveMessage": lambda _: {**_QUEUE, "MaxNumberOfMessages": 10},
    "ChangeMessageVisibility": lambda before: {**_QUEUE, **_receipt(before), "VisibilityTimeout": 5},
    "DeleteMessage": lambda before: {**_QUEUE, **_receipt(before)},
    "DeleteMessageBatch": lambda before: {**_QUEUE, "Entries": [{"Id": "a", **_receipt(before)}]},
    "PurgeQueue": lambda _: _QUEUE,
    "DeleteQueue": lambda _: _QUEUE,
}
