"""Requests to every operation of the services around functions, in an order in which each can be answered."""

from __future__ import annotations

import io
import zipfile
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


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("made.py", SOURCE)
    return packed.getvalue()


LAMBDA: dict[str, Given] = {
    "CreateFunction": lambda _: {
        "FunctionName": "made",
        "Role": _ROLE_ARN,
        "Runtime": "python3.12",
        "Handler": "made.handler",
        "Code": {"ZipFile": _zip()},
    },
    "UpdateFunctionCode": lambda _: {"FunctionName": "made", "ZipFile": _zip()},
    "UpdateFunctionConfiguration": lambda _: {"FunctionName": "made", "Timeout": 5},
    "DeleteFunction": lambda _: {"FunctionName": "made"},
    "GetFunction": _function,
    "GetFunctionConfiguration": _function,
    "ListFunctions": lambda _: {},
    "Invoke": lambda _: {"FunctionName": FUNCTION, "Payload": b'{"number": 2}', "LogType": "Tail"},
}
_ROLE = {"RoleName": "functions"}
_ROLE_ARN = "arn:aws:iam::000000000000:role/functions"
_MANAGED = {**_ROLE, "PolicyArn": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}
_INLINE = {**_ROLE, "PolicyName": "own"}
IAM: dict[str, Given] = {
    "CreateRole": lambda _: {**_ROLE, "AssumeRolePolicyDocument": "{}", "Tags": [{"Key": "a", "Value": "b"}]},
    "GetRole": lambda _: _ROLE,
    "CreatePolicy": lambda _: {"PolicyName": "own", "PolicyDocument": "{}"},
    "DeletePolicy": lambda before: {"PolicyArn": before["CreatePolicy"]["Policy"]["Arn"]},
    "AttachRolePolicy": lambda _: _MANAGED,
    "ListAttachedRolePolicies": lambda _: _ROLE,
    "DetachRolePolicy": lambda _: _MANAGED,
    "PutRolePolicy": lambda _: {**_INLINE, "PolicyDocument": "{}"},
    "ListRolePolicies": lambda _: _ROLE,
    "DeleteRolePolicy": lambda _: _INLINE,
    "SimulatePrincipalPolicy": lambda _: {"PolicySourceArn": _ROLE_ARN, "ActionNames": ["sagemaker:CreateModel"]},
    "DeleteRole": lambda _: _ROLE,
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
