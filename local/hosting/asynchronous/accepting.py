"""Takes asynchronous requests in: where their results go is known at once, and they outlive whoever asked."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Mapping
from typing import Any

from local.hosting.fleets import Fleet
from local.hosting.invoking import InvalidInvocationError, serving
from local.store import detached
from local.store.names import ACCOUNT, REGION
from local.store.objects import s3_uri
from local.store.store import Store

LEASE = "asynchronous"
LOG = "asynchronous.log"
TIMEOUT_SECONDS, TTL_SECONDS = 900, 21_600
_KEPT = ("ContentType", "Accept", "CustomAttributes")


def accept(store: Store, name: str, request: Mapping[str, Any], now: float) -> dict[str, Any]:
    """Take in a request with InvokeEndpointAsync's members; returns its InferenceId, OutputLocation, FailureLocation.

    Raises:
        InvalidInvocationError: there is no such endpoint, it is not asynchronous, or there is not one input.
    """
    endpoint = serving(store, name, asynchronous=True)
    if (request.get("InputLocation") is None) == (request.get("Body") is None):
        raise InvalidInvocationError("Give either InputLocation or Body.")
    number = str(uuid.uuid4())
    output = (Fleet.of(endpoint.body).asynchronous or {}).get("OutputConfig") or {}
    kept = {member: request[member] for member in _KEPT if request.get(member)}
    kept |= {
        "InferenceId": request.get("InferenceId") or number,
        "Output": _output(endpoint.name, output, request, number),
        "TimeoutSeconds": request.get("InvocationTimeoutSeconds") or TIMEOUT_SECONDS,
        "TtlSeconds": request.get("RequestTTLSeconds") or TTL_SECONDS,
    }
    if output.get("S3FailurePath"):
        kept["Failure"] = f"{_folder(output['S3FailurePath'])}/{number}-error.out"
    if request.get("InputLocation") is not None:
        kept["InputLocation"] = s3_uri(request["InputLocation"])
    else:
        kept["Body"] = base64.b64encode(request["Body"]).decode()
    store.asynchronous.add(endpoint.name, kept, now=now)
    wake(store)
    answer = {"InferenceId": kept["InferenceId"], "OutputLocation": kept["Output"]}
    return {**answer, **({"FailureLocation": kept["Failure"]} if "Failure" in kept else {})}


def wake(store: Store) -> None:
    """See to it that a process answers what waits; cheap where nothing does."""
    detached.reap()
    now = time.time()
    if not store.asynchronous.any() or store.leases.held(LEASE, now):
        return
    owner = detached.start("local.hosting.asynchronous", store.home.root, log=store.home.root / LOG)
    # In its name, so that nobody starts another one before it takes the lease itself.
    if owner is not None:
        store.leases.claim(LEASE, owner, now)


def _output(endpoint: str, output: Mapping[str, Any], request: Mapping[str, Any], number: str) -> str:
    default = f"s3://sagemaker-{REGION}-{ACCOUNT}/async-endpoint-outputs/{endpoint}"
    parts = [_folder(output.get("S3OutputPath") or default), request.get("S3OutputPathExtension", "").strip("/")]
    return "/".join([*(part for part in parts if part), request.get("Filename") or f"{number}.out"])


def _folder(address: str) -> str:
    return s3_uri(address).rstrip("/")
