"""The record of an endpoint, the events of its changes, and who is at work on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.registry.errors import RegistryError
from local.registry.times import with_texts
from local.store.names import arn
from local.store.processes import process_alive
from local.store.resources import Resource
from local.store.store import Store

KIND = "Endpoint"
# What an endpoint's body holds for us alone; no response has a member for it.
DEPLOYMENT = "Deployment"
CHANGING = ("Creating", "Updating", "RollingBack")
EVENT = "SageMaker Endpoint State Change"
_EVENT_STATUS = {"InService": "IN_SERVICE", "OutOfService": "OUT_OF_SERVICE", "RollingBack": "ROLLING_BACK"}
_TIMES = ("CreationTime", "LastModifiedTime")


def endpoint_arn(name: str) -> str:
    """Return an endpoint's ARN; the service writes the name in lower case."""
    return arn(f"endpoint/{name.lower()}")


def find(store: Store, name: str) -> Resource | None:
    """Return the endpoint of that name (in any case, as the service takes it), None where there is none."""
    return store.resources.get(KIND, name) or store.resources.by_arn(endpoint_arn(name))


def existing(store: Store, name: str) -> Resource:
    """Return the endpoint of that name; RegistryError where there is none."""
    found = find(store, name)
    if found is None:
        message = f'Could not find endpoint "{endpoint_arn(name)}".'
        raise RegistryError(message)
    return found


def unchanging(store: Store, name: str) -> Resource:
    """Return the endpoint of that name; RegistryError where there is none, or while it is being changed."""
    found = existing(store, name)
    if found.status in CHANGING and not abandoned(found):
        message = f'Cannot update in-progress endpoint "{found.arn}".'
        raise RegistryError(message)
    return found


def put(store: Store, body: Mapping[str, Any], status: str, now: float, *, event: bool = True) -> Resource:
    """Store an endpoint's body under a status, with the event of the change."""
    name = body["EndpointName"]
    whole = {**body, "EndpointStatus": status, "LastModifiedTime": now}
    made = store.resources.put(KIND, name, endpoint_arn(name), whole, now=now, status=status)
    if event:
        store.events.record(EVENT, detail(whole, status), [made.arn], now=now)
    return made


def detail(body: Mapping[str, Any], status: str) -> dict[str, Any]:
    """Return what an event says: the description, its status in capitals, its times as text."""
    shown = {key: value for key, value in body.items() if key != DEPLOYMENT}
    shown.pop("PendingDeploymentSummary", None)
    for member in ("ProductionVariants", "ShadowProductionVariants"):
        if member in shown:
            shown[member] = [
                {key: value for key, value in variant.items() if key != "DeployedImages"} for variant in shown[member]
            ]
    return {**with_texts(shown, _TIMES), "EndpointStatus": _EVENT_STATUS.get(status, status.upper())}


def abandoned(endpoint: Resource) -> bool:
    """Say whether the process that was at work on a changing endpoint is gone."""
    owner = endpoint.body.get(DEPLOYMENT, {}).get("owner")
    return owner is None or not process_alive(owner)
