"""A laptop whose Callback step waits at a token, for the functions that have models compiled."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from local.client import client
from local.functions import queues
from local.registry import callbacks
from local.store.executions import new_execution
from local.store.names import execution_arn, role_arn
from local.store.store import Store

EXECUTION = execution_arn("demo", "abcdefghijkl")
NAMES = ("sageline-compile-follow", "sageline-compile-dead")
FOLLOW, DEAD = (queues.queue_url(name) for name in NAMES)
ENVIRONMENT = {
    "DEAD_LETTER_QUEUE_URL": DEAD,
    "FOLLOW_QUEUE_URL": FOLLOW,
    "KMS_KEY_ID": "arn:aws:kms:us-east-1:000000000000:key/a",
    "MOST_RECEIVES": "3",
    "ROLE_ARN": role_arn("sageline-compilation"),
    "SECURITY_GROUP_IDS": "[]",
    "SUBNET_IDS": "[]",
}
ARGUMENTS = {
    "Problem": "two_words",
    "Target": "linux/arm64",
    "TargetPlatform": json.dumps({"Os": "LINUX", "Arch": "ARM64"}),
    "CompilerOptions": '{"mcpu":"cortex-a72"}',
    "S3Uri": "s3://artifacts/neo/model.tar.gz",
    "S3OutputLocation": "s3://artifacts/compiled",
    "Framework": "XGBOOST",
    "MaxRuntimeInSeconds": "900",
}


@dataclass(frozen=True)
class Laptop:
    """The home, and a step's token in it."""

    store: Store
    token: str

    def client(self, service: str) -> Any:
        """Return a client of the laptop's."""
        return client(service, self.store.home.root)

    def answered(self) -> tuple[str, Any]:
        """Return how the step was answered, and with what."""
        found = self.store.resources.get(callbacks.KIND, self.token)
        assert found is not None
        return str(found.body["status"]), found.body.get("outputs") or found.body.get("reason")

    def waiting(self, name: str) -> list[Any]:
        """Return the messages of a queue, also those that are delayed."""
        arn = queues.queue_arn(name)
        rows = self.store.messages.receive(arn, most=10, hidden=0.0, now=1e12)
        return [json.loads(each.body) for each in rows]

    def message(self, **changes: Any) -> dict[str, Any]:
        """Return what a Callback step sends."""
        asked = {"token": self.token, "pipelineExecutionArn": EXECUTION, "status": "Executing", "arguments": ARGUMENTS}
        return {**asked, **changes}


def laptop(store: Store) -> Laptop:
    """Make queues, and an execution one of whose steps waits."""
    execution = new_execution(
        arn=EXECUTION,
        execution_id="abcdefghijkl",
        pipeline="demo",
        token="t" * 32,
        definition="{}",
        parameters={},
        body={},
        now=1.0,
    )
    store.executions.create(execution)
    for name in NAMES:
        queues.ensure(store, queues.queue_arn(name), now=1.0)
    return Laptop(store, callbacks.open_token(store, EXECUTION, "Compile", now=2.0).name)


def records(message: Any, *, received: int = 1) -> dict[str, Any]:
    """Return the event that Lambda makes of a message."""
    body = message if isinstance(message, str) else json.dumps(message)
    record = {"messageId": "m1", "body": body, "attributes": {"ApproximateReceiveCount": str(received)}}
    return {"Records": [record]}


DONE: dict[str, Any] = {"batchItemFailures": []}
AGAIN: dict[str, Any] = {"batchItemFailures": [{"itemIdentifier": "m1"}]}
