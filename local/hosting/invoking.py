"""Answers InvokeEndpoint: finds the endpoint, the variant and the container, and asks its worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.hosting.containers import Container, containers, is_direct
from local.hosting.deployment import log_of, settled
from local.hosting.endpoint_state import find
from local.hosting.endpoints import variants_of
from local.hosting.errors import HostingError
from local.hosting.pool import pool_of
from local.hosting.routing import choose
from local.store.names import ACCOUNT
from local.store.resources import Resource
from local.store.store import Store

_UNSERVED = ("TargetModel", "InferenceComponentName")


class InvalidInvocationError(Exception):
    """The request cannot be routed; the message is a sentence."""


class ModelFailureError(Exception):
    """The model answered with an error, or not at all."""

    def __init__(self, status: int, text: str, container: str, log: str) -> None:
        who = "client" if 400 <= status < 500 else "server"
        super().__init__(f'Received {who} error ({status}) from {container} with message "{text}". See {log}.')
        self.status = status
        self.text = text


@dataclass(frozen=True)
class Invocation:
    """The answer to a request."""

    body: bytes
    content_type: str
    variant: str


def invoke(store: Store, name: str, request: Mapping[str, Any]) -> Invocation:
    """Answer a request to an endpoint; `request` has the members of InvokeEndpoint, Body being bytes.

    Raises:
        InvalidInvocationError: there is no such endpoint, variant or container, or it does not serve.
        ModelFailureError: the model's own error.
    """
    for member in _UNSERVED:
        if request.get(member):
            message = f"{member} is not served on the laptop: its endpoints have one model in each container."
            raise InvalidInvocationError(message)
    endpoint = _serving(store, name)
    variant = _variant(endpoint, request)
    chain = _chain(store, variant["ModelName"], request.get("TargetContainerHostname"))
    log = log_of(store, endpoint.name)
    try:
        container, reply = pool_of(store).invoke(
            chain, request.get("Body", b""), request.get("ContentType", ""), request.get("Accept", ""), log
        )
    except HostingError as error:
        raise ModelFailureError(500, str(error), _shown(chain, chain[-1]), str(log)) from error
    if reply.status >= 400:
        raise ModelFailureError(reply.status, _text(reply.body), _shown(chain, container), str(log))
    return Invocation(reply.body, reply.content_type, variant["VariantName"])


def _serving(store: Store, name: str) -> Resource:
    found = find(store, name)
    if found is None:
        message = f"Endpoint {name} of account {ACCOUNT} not found."
        raise InvalidInvocationError(message)
    found = settled(store, found)
    if not variants_of(found):
        reason = f" ({found.body['FailureReason']})" if found.body.get("FailureReason") else ""
        message = f"Endpoint {name} of account {ACCOUNT} does not serve: it is {found.status}{reason}."
        raise InvalidInvocationError(message)
    return found


def _variant(endpoint: Resource, request: Mapping[str, Any]) -> Mapping[str, Any]:
    variants = variants_of(endpoint)
    wanted = request.get("TargetVariant")
    if wanted is None:
        return choose(variants, endpoint.name, request.get("InferenceId"))
    for variant in variants:
        if variant["VariantName"] == wanted:
            return variant
    names = ", ".join(variant["VariantName"] for variant in variants)
    message = f"Variant {wanted} of endpoint {endpoint.name} not found; it has {names}."
    raise InvalidInvocationError(message)


def _chain(store: Store, model: str, hostname: str | None) -> Sequence[Container]:
    try:
        chain = containers(store, model)
    except HostingError as error:
        raise InvalidInvocationError(str(error)) from error
    if is_direct(store, model):
        chosen = [container for container in chain if container.hostname == hostname]
        if not chosen:
            names = ", ".join(container.hostname for container in chain)
            message = f"The model {model} needs a TargetContainerHostname; it has {names}."
            raise InvalidInvocationError(message)
        return chosen
    if hostname is not None:
        message = f"The containers of the model {model} run in series; leave out TargetContainerHostname."
        raise InvalidInvocationError(message)
    return chain


def _shown(chain: Sequence[Container], container: Container) -> str:
    return "primary" if len(chain) == 1 else container.hostname


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace").strip()[:2000]
