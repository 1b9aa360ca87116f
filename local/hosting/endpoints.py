"""Endpoints: created, updated, weighed and deleted. An update keeps the old configuration until the new is healthy."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from typing import Any

from local.hosting import containers, stages
from local.hosting.containers import Container
from local.hosting.endpoint_state import DEPLOYMENT, EVENT, KIND, detail, endpoint_arn, existing, find, put, unchanging
from local.hosting.errors import HostingError
from local.hosting.fleets import Traffic
from local.hosting.pool import pool_of
from local.registry import endpoint_configs, tags
from local.registry.errors import RegistryError
from local.store.processes import this_process
from local.store.resources import Resource
from local.store.store import Store


def create(store: Store, request: Mapping[str, Any], now: float) -> Resource:
    """Record an endpoint that this process is about to bring into service with `deployment.deploy`.

    Raises:
        RegistryError: there is one of that name, or no such endpoint configuration.
    """
    name, config = str(request["EndpointName"]), str(request["EndpointConfigName"])
    with store.database.transaction():
        if find(store, name) is not None:
            message = f'Cannot create already existing endpoint "{endpoint_arn(name)}".'
            raise RegistryError(message)
        endpoint_configs.get(store, config)
        body = {
            "EndpointName": name,
            "EndpointArn": endpoint_arn(name),
            "EndpointConfigName": config,
            **_deployment_config(request),
            "CreationTime": now,
        }
        store.resources.tag(endpoint_arn(name), tags.read(request.get("Tags")))
        return _begin(store, body, "Creating", config, now)


def update(store: Store, request: Mapping[str, Any], now: float) -> Resource:
    """Record that an endpoint is about to get another configuration; until that is healthy it keeps the one it has.

    Raises:
        RegistryError: there is no such endpoint or configuration, or it is being changed already.
    """
    name, config = str(request["EndpointName"]), str(request["EndpointConfigName"])
    with store.database.transaction():
        found = unchanging(store, name)
        given = endpoint_configs.get(store, config).body
        guard = request.get("DeploymentConfig")
        if guard:
            shadows = len(given.get("ShadowProductionVariants") or ())
            before = found.body.get("ProductionVariants", ())
            wrong = stages.problems(guard, given["ProductionVariants"], before, shadows)
            if wrong:
                raise RegistryError(" ".join(wrong))
        elif request.get("RetainDeploymentConfig"):
            guard = found.body.get("LastDeploymentConfig")
        body = {**found.body, **_deployment_config(request)}
        body.pop("FailureReason", None)
        keep = bool(request.get("RetainAllVariantProperties"))
        return _begin(store, body, "Updating", config, now, keep_weights=keep, guard=guard)


def delete(store: Store, name: str) -> None:
    """Forget an endpoint, and end the workers of this process that nothing needs any more; RegistryError."""
    with store.database.transaction():
        found = existing(store, name)
        store.events.record(EVENT, detail(found.body, "Deleting"), [found.arn], now=time.time())
        store.resources.delete(KIND, found.name)
        store.metrics.forget(found.name)
    release(store)


def release(store: Store) -> None:
    """End the workers of this process that no endpoint needs any more, once they have answered."""
    pool_of(store).keep_only(_in_use(store))


def set_weights(store: Store, name: str, wanted: Mapping[str, Mapping[str, Any]], now: float) -> Resource:
    """Give variants other weights and instance counts at once; RegistryError."""
    with store.database.transaction():
        found = unchanging(store, name)
        variants = [dict(variant) for variant in found.body.get("ProductionVariants", ())]
        unknown = sorted(set(wanted) - {variant["VariantName"] for variant in variants})
        if unknown:
            message = f'The endpoint "{found.arn}" has no variant {unknown[0]}.'
            raise RegistryError(message)
        for variant in variants:
            change = wanted.get(variant["VariantName"], {})
            for member in ("Weight", "InstanceCount"):
                if change.get(f"Desired{member}") is not None:
                    variant[f"Current{member}"] = variant[f"Desired{member}"] = change[f"Desired{member}"]
        return put(store, {**found.body, "ProductionVariants": variants}, found.status, now)


def _in_use(store: Store) -> list[Container]:
    models: set[str] = set()
    for endpoint in store.resources.list(KIND):
        for fleet in Traffic.of(endpoint).fleets:
            models |= {variant["ModelName"] for variant in (*fleet.variants, *fleet.shadows)}
        coming = endpoint_configs.find(store, endpoint.body[DEPLOYMENT].get("config", ""))
        if coming is not None:
            models |= {variant.get("ModelName", "") for variant in coming.body["ProductionVariants"]}
    found: list[Container] = []
    for model in sorted(models):
        with contextlib.suppress(HostingError):
            found += containers.containers(store, model)
    return found


def _deployment_config(request: Mapping[str, Any]) -> dict[str, Any]:
    given = request.get("DeploymentConfig")
    return {"LastDeploymentConfig": given} if given else {}


def _begin(store: Store, body: Mapping[str, Any], status: str, config: str, now: float, **more: Any) -> Resource:
    """Record what this process is about to do; `more` says how."""
    deployment = {"owner": this_process(), "config": config, **more}
    return put(store, {**body, DEPLOYMENT: {**body.get(DEPLOYMENT, {}), **deployment}}, status, now)
