"""The calls that a function really makes, as IAM sees them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import boto3

from tests.support.authorised import Account, Elsewhere, Parameters, unused
from tests.support.iam import ALLOWED, Call, decision
from tests.support.moto.server import Server


def account_of(server: Server, elsewhere: Mapping[str, Elsewhere] | None = None) -> Account:
    """Return the server's account, whose buckets' keys are asked of it; ``elsewhere`` are others' buckets."""

    def key_of(bucket: str) -> str:
        found = server.client("s3").get_bucket_encryption(Bucket=bucket)
        (rule,) = found["ServerSideEncryptionConfiguration"]["Rules"]
        return str(rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"])

    def key_of_queue(url: str) -> str:
        found = server.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["KmsMasterKeyId"])
        return str(found["Attributes"]["KmsMasterKeyId"])

    return Account(server.region, server.account, key_of, elsewhere or {}, key_of_queue)


class Recorder:
    """Takes boto3's place in a function: gives real clients of the server, and keeps what is asked of them."""

    def __init__(self, server: Server, elsewhere: Mapping[str, Elsewhere] | None = None) -> None:
        self._server = server
        self._account = account_of(server, elsewhere)
        self.calls: list[Call] = []
        self._clients: list[Any] = []

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._clients:
            each.close()

    def client(self, service: str, config: Any = None) -> Any:
        """Return a client whose calls are kept."""
        made = boto3.client(
            service,
            config=config,
            region_name=self._server.region,
            endpoint_url=self._server.endpoint,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",  # noqa: S106 - any will do
        )
        self._clients.append(made)
        made.meta.events.register("before-parameter-build.*.*", self._keep)
        return made

    def _keep(self, params: Parameters, model: Any, **_: object) -> None:
        service = str(model.service_model.service_name)
        self.calls += self._account.asked(service, str(model.name), params)


def own_statements(granted: list[Any]) -> list[Any]:
    """Return the statements that a function's role has for its code.

    Not those to run it, to feed it, to log, and to keep dead letters.
    """
    running = ("WriteLogs", "KeepDeadLetters", "EncryptDeadLetters", "TakeMessages")
    return [
        each
        for each in granted
        if each["Sid"] not in running and "lambda:SourceFunctionArn" not in str(each.get("Condition"))
    ]


def check(recorder: Recorder, granted: list[Any]) -> None:
    """Every call that was made is allowed, and every action that is allowed was made."""
    assert [call for call in recorder.calls if decision(granted, call) != ALLOWED] == []
    assert unused(own_statements(granted), recorder.calls) == set()
