"""Endpoint configurations: which models an endpoint serves, on how many of which instances, and what it captures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.registry import models, tags
from local.registry.errors import RegistryError
from local.registry.times import with_texts
from local.store.names import arn
from local.store.resources import Resource
from local.store.store import Store

KIND = "EndpointConfig"
DETAIL_TYPE = "SageMaker Endpoint Config State Change"


def config_arn(name: str) -> str:
    """Return a configuration's ARN; the service writes the name in lower case."""
    return arn(f"endpoint-config/{name.lower()}")


def find(store: Store, name: str) -> Resource | None:
    """Return a configuration by its name, if there is one."""
    return store.resources.get(KIND, name) or store.resources.by_arn(config_arn(name))


def get(store: Store, name: str) -> Resource:
    """Return a configuration; RegistryError where there is none."""
    found = find(store, name)
    if found is None:
        message = f'Could not find endpoint configuration "{config_arn(name)}".'
        raise RegistryError(message)
    return found


def create(store: Store, request: Mapping[str, Any], *, now: float) -> Resource:
    """Make a configuration of a CreateEndpointConfig request. `Resource.body` is its Describe response.

    Raises:
        RegistryError: the name is taken, or a variant is incomplete, named twice or serves a model that is not there.
    """
    name = str(request["EndpointConfigName"])
    given = tags.read(request.get("Tags"))
    for member in ("ProductionVariants", "ShadowProductionVariants"):
        for variant in request.get(member) or ():
            _check(store, variant, request)
    _check_names(request)
    body = {
        **{key: value for key, value in request.items() if key != "Tags"},
        "EndpointConfigArn": config_arn(name),
        "EnableNetworkIsolation": request.get("EnableNetworkIsolation", False),
        "CreationTime": now,
    }
    for member in ("ProductionVariants", "ShadowProductionVariants"):
        if member in request:
            body[member] = [{"InitialVariantWeight": 1.0, **variant} for variant in request[member]]
    with store.database.transaction():
        if find(store, name) is not None:
            message = f'Cannot create already existing endpoint configuration "{config_arn(name)}".'
            raise RegistryError(message)
        made = store.resources.put(KIND, name, config_arn(name), body, now=now)
        store.resources.tag(made.arn, given)
        _announce(store, made, now)
    return made


def delete(store: Store, name: str, *, now: float) -> None:
    """Forget a configuration; endpoints that were made of it go on. RegistryError where there is none."""
    with store.database.transaction():
        found = get(store, name)
        _announce(store, found, now)
        store.resources.delete(KIND, found.name)


def _check(store: Store, variant: Mapping[str, Any], request: Mapping[str, Any]) -> None:
    name = variant["VariantName"]
    if "ModelName" in variant:
        models.get(store, str(variant["ModelName"]))
    elif "ExecutionRoleArn" not in request:
        message = (
            f"The variant {name} has no ModelName. Name a model, or give ExecutionRoleArn for inference components."
        )
        raise RegistryError(message)
    if ("ServerlessConfig" in variant) == ("InstanceType" in variant):
        message = f"The variant {name} needs either InstanceType, with InitialInstanceCount, or ServerlessConfig."
        raise RegistryError(message)


def _check_names(request: Mapping[str, Any]) -> None:
    production = [each["VariantName"] for each in request["ProductionVariants"]]
    shadow = [each["VariantName"] for each in request.get("ShadowProductionVariants") or ()]
    if len({*production, *shadow}) < len(production) + len(shadow):
        message = "Each variant needs a VariantName of its own."
        raise RegistryError(message)
    if shadow and (len(production), len(shadow)) != (1, 1):
        message = "A shadow test has exactly one production variant and one shadow variant."
        raise RegistryError(message)


def _announce(store: Store, config: Resource, now: float) -> None:
    members = ("EndpointConfigName", "EndpointConfigArn", "ProductionVariants", "CreationTime")
    detail = {name: config.body[name] for name in members if name in config.body}
    detail["Tags"] = store.resources.tags(config.arn)
    store.events.record(DETAIL_TYPE, with_texts(detail, ("CreationTime",)), [config.arn], now=now)
