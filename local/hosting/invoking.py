"""Answers requests to endpoints: finds the endpoint, the fleet, the variant and the container, and asks its worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from local.hosting.asking import Asked, ModelFailureError
from local.hosting.containers import Container, containers, is_direct
from local.hosting.deployment import log_of, settled
from local.hosting.endpoint_state import find
from local.hosting.errors import HostingError
from local.hosting.fleets import Fleet, Traffic
from local.hosting.process import ANSWER_SECONDS
from local.hosting.recording import recorder_of
from local.hosting.routing import FLEET, SHADOW, choose, sampled
from local.jobs.log import note
from local.store.names import ACCOUNT
from local.store.resources import Resource
from local.store.store import Store

_UNSERVED = ("TargetModel", "InferenceComponentName")
_SYNCHRONOUS = "is asynchronous: its configuration has an AsyncInferenceConfig. Use InvokeEndpointAsync."
_ASYNCHRONOUS = "is not asynchronous: its configuration has no AsyncInferenceConfig. Use InvokeEndpoint."


class InvalidInvocationError(Exception):
    """The request cannot be routed; the message is a sentence."""


@dataclass(frozen=True)
class Invocation:
    """The answer to a request."""

    body: bytes
    content_type: str
    variant: str
    attributes: str = ""


def invoke(
    store: Store,
    name: str,
    request: Mapping[str, Any],
    *,
    seconds: float = ANSWER_SECONDS,
    asynchronous: bool = False,
) -> Invocation:
    """Answer a request to an endpoint; `request` has the members of InvokeEndpoint, Body being bytes.

    Raises:
        InvalidInvocationError: there is no such endpoint, variant or container, or it does not serve.
        ModelFailureError: the model's own error.
    """
    for member in _UNSERVED:
        if request.get(member):
            message = f"{member} is not served on the laptop: its endpoints have one model in each container."
            raise InvalidInvocationError(message)
    endpoint = serving(store, name, asynchronous=asynchronous)
    traffic = Traffic.of(endpoint)
    asked = Asked(store, endpoint.name, request, log_of(store, endpoint.name), seconds)
    share = sampled(traffic.share, endpoint.name, FLEET, request.get("InferenceId"))
    if traffic.green is None or not share:
        return _answer(asked, traffic.blue)
    try:
        return _answer(asked, traffic.green)
    except InvalidInvocationError:
        return _answer(asked, traffic.blue)
    except ModelFailureError as error:
        if error.status < 500:
            raise
        # It counts against the new fleet, which is on trial; whoever asked is answered all the same.
        return _answer(asked, traffic.blue)


def serving(store: Store, name: str, *, asynchronous: bool) -> Resource:
    """Return the endpoint of that name; InvalidInvocationError where it serves nothing, or not in this way."""
    found = find(store, name)
    if found is None:
        message = f"Endpoint {name} of account {ACCOUNT} not found."
        raise InvalidInvocationError(message)
    found = settled(store, found)
    fleet = Fleet.of(found.body)
    if not fleet.variants:
        reason = f" ({found.body['FailureReason']})" if found.body.get("FailureReason") else ""
        message = f"Endpoint {name} of account {ACCOUNT} does not serve: it is {found.status}{reason}."
        raise InvalidInvocationError(message)
    if (fleet.asynchronous is not None) != asynchronous:
        message = f"Endpoint {name} of account {ACCOUNT} {_ASYNCHRONOUS if asynchronous else _SYNCHRONOUS}"
        raise InvalidInvocationError(message)
    return found


def _answer(asked: Asked, fleet: Fleet) -> Invocation:
    variant = _variant(asked, fleet)
    chain = _chain(asked, variant["ModelName"])
    _shadow(asked, fleet, variant)
    reply = asked.ask(fleet, variant, chain)
    return Invocation(reply.body, reply.content_type, variant["VariantName"], reply.attributes)


def _shadow(asked: Asked, fleet: Fleet, variant: Mapping[str, Any]) -> None:
    """Send the shadow variant its share of requests, beside the answer: its weight by the production variant's."""
    for shadow in fleet.shadows:
        weight = float(variant.get("CurrentWeight", 1.0))
        share = float(shadow.get("CurrentWeight", 1.0)) / weight if weight > 0 else 1.0
        if sampled(share, asked.endpoint, SHADOW, asked.request.get("InferenceId")):
            recorder_of(asked.store).shadows.offer(partial(_ask_shadow, asked, fleet, shadow))


def _ask_shadow(asked: Asked, fleet: Fleet, shadow: Mapping[str, Any]) -> None:
    """Ask a shadow variant; whatever it does, nobody but the log is told."""
    try:
        asked.ask(fleet, shadow, _chain(asked, shadow["ModelName"]))
    except (InvalidInvocationError, ModelFailureError) as error:
        note(asked.log, f"The shadow variant {shadow['VariantName']} failed: {error}")
    except Exception as error:  # noqa: BLE001 - a shadow hurts nothing
        note(asked.log, f"The shadow variant {shadow['VariantName']} failed ({type(error).__name__}: {error}).")


def _variant(asked: Asked, fleet: Fleet) -> Mapping[str, Any]:
    wanted = asked.request.get("TargetVariant")
    if wanted is None:
        return choose(fleet.variants, asked.endpoint, asked.request.get("InferenceId"))
    for variant in fleet.variants:
        if variant["VariantName"] == wanted:
            return variant
    names = ", ".join(variant["VariantName"] for variant in fleet.variants)
    message = f"Variant {wanted} of endpoint {asked.endpoint} not found; it has {names}."
    raise InvalidInvocationError(message)


def _chain(asked: Asked, model: str) -> Sequence[Container]:
    hostname = asked.request.get("TargetContainerHostname")
    try:
        chain = containers(asked.store, model)
    except HostingError as error:
        raise InvalidInvocationError(str(error)) from error
    if is_direct(asked.store, model):
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
