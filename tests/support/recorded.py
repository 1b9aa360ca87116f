"""The calls that a function really makes, as IAM sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import boto3

from tests.support.iam import ALLOWED, Call, decision
from tests.support.moto.server import Server

Parameters = Mapping[str, Any]

#: Operations with their action, and their resource after `arn:aws:SERVICE:REGION:ACCOUNT:`, whole, or `*`. Source:
#: Service Authorization Reference, SageMaker.
_SAGEMAKER: dict[str, Callable[[Parameters], str]] = {
    "DescribeModelPackage": lambda asked: str(asked["ModelPackageName"]),
    "InvokeEndpoint": lambda asked: f"endpoint/{asked['EndpointName']}",
    "ListModelPackages": lambda _: "*",
    "StartPipelineExecution": lambda asked: f"pipeline/{asked['PipelineName']}",
}
#: What S3 asks of the bucket's key, on behalf of whoever calls. Source: S3 User Guide, 'Using SSE-KMS', Permissions.
_S3_KEYS = {"GetObject": "kms:Decrypt", "PutObject": "kms:GenerateDataKey"}


class Recorder:
    """Takes boto3's place in a function: gives real clients of the server, and keeps what is asked of them."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.calls: list[Call] = []
        self._clients: list[Any] = []

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._clients:
            each.close()

    def client(self, service: str) -> Any:
        """Return a client whose calls are kept."""
        made = boto3.client(
            service,
            region_name=self._server.region,
            endpoint_url=self._server.endpoint,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",  # noqa: S106 - any will do
        )
        self._clients.append(made)
        made.meta.events.register("before-parameter-build.*.*", self._keep)
        return made

    def _keep(self, params: Parameters, model: Any, **_: object) -> None:
        place = f"{self._server.region}:{self._server.account}"
        here = {"aws:RequestedRegion": self._server.region}
        if model.service_model.service_name == "s3":
            self._keep_s3(model.name, params)
        else:
            resource = _SAGEMAKER[model.name](params)
            whole = resource if resource.startswith(("*", "arn:")) else f"arn:aws:sagemaker:{place}:{resource}"
            self.calls.append(Call(f"sagemaker:{model.name}", whole, here))

    def _keep_s3(self, operation: str, asked: Parameters) -> None:
        bucket = f"arn:aws:s3:::{asked['Bucket']}"
        if operation == "ListObjectsV2":
            self.calls.append(Call("s3:ListBucket", bucket, {"s3:prefix": asked["Prefix"]}))
            return
        self.calls.append(Call(f"s3:{operation}", f"{bucket}/{asked['Key']}"))
        found = self._server.client("s3").get_bucket_encryption(Bucket=asked["Bucket"])
        (rule,) = found["ServerSideEncryptionConfiguration"]["Rules"]
        key = rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
        through = {"kms:ViaService": f"s3.{self._server.region}.amazonaws.com"}
        self.calls.append(Call(_S3_KEYS[operation], key, through))


def own_actions(granted: list[Any]) -> set[str]:
    """Return the actions that a function's role has for its code: not to run it, log, and keep dead letters."""
    running = ("WriteLogs", "KeepDeadLetters", "EncryptDeadLetters")
    return {
        action
        for each in granted
        if each["Sid"] not in running and "lambda:SourceFunctionArn" not in str(each.get("Condition"))
        for action in (each["Action"] if isinstance(each["Action"], list) else [each["Action"]])
    }


def check(recorder: Recorder, granted: list[Any]) -> None:
    """Every call that was made is allowed, and every action that is allowed was made."""
    assert [call for call in recorder.calls if decision(granted, call) != ALLOWED] == []
    assert own_actions(granted) == {call.action for call in recorder.calls}
