"""Models, endpoint configurations and endpoints as records: each body is the service's Describe response."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from local.hosting.errors import MissingError, NameTakenError
from local.store.names import arn
from local.store.resources import Resource
from local.store.store import Store

MODEL, CONFIG, ENDPOINT = "Model", "EndpointConfig", "Endpoint"
# What an endpoint's body holds for us alone; no response has a member for it.
DEPLOYMENT = "Deployment"

_MODEL_MEMBERS = (
    "PrimaryContainer",
    "Containers",
    "InferenceExecutionConfig",
    "ExecutionRoleArn",
    "VpcConfig",
)
_CONFIG_MEMBERS = (
    "DataCaptureConfig",
    "KmsKeyId",
    "AsyncInferenceConfig",
    "ExplainerConfig",
    "ShadowProductionVariants",
    "ExecutionRoleArn",
    "VpcConfig",
    "EnableNetworkIsolation",
    "MetricsConfig",
    "CrossRegionTrafficConfig",
)
# Accepted and recorded, without effect here.
_CONFIG_IDLE = (
    "DataCaptureConfig",
    "AsyncInferenceConfig",
    "ExplainerConfig",
    "ShadowProductionVariants",
    "MetricsConfig",
    "CrossRegionTrafficConfig",
)
_VARIANT_IDLE = ("ServerlessConfig", "ManagedInstanceScaling", "RoutingConfig", "CoreDumpConfig", "AcceleratorType")


def model_arn(name: str) -> str:
    """Return a model's ARN; the service writes the name in lower case."""
    return arn(f"model/{name.lower()}")


def config_arn(name: str) -> str:
    """Return an endpoint configuration's ARN."""
    return arn(f"endpoint-config/{name.lower()}")


def endpoint_arn(name: str) -> str:
    """Return an endpoint's ARN."""
    return arn(f"endpoint/{name.lower()}")


def create_model(store: Store, name: str, request: Mapping[str, Any], now: float, *, again: bool = False) -> Resource:
    """Record a model. With `again`, one of the same name and content is taken as it stands.

    Raises:
        NameTakenError: there is one of that name.
    """
    body = {
        "ModelName": name,
        "ModelArn": model_arn(name),
        **{member: request[member] for member in _MODEL_MEMBERS if member in request},
        "EnableNetworkIsolation": request.get("EnableNetworkIsolation", False),
        "CreationTime": now,
    }
    return _create(store, MODEL, name, model_arn(name), body, request, now, again=again)


def create_endpoint_config(
    store: Store, name: str, request: Mapping[str, Any], now: float, *, again: bool = False
) -> Resource:
    """Record an endpoint configuration, each variant with the weight that it starts with.

    Raises:
        NameTakenError: there is one of that name.
        MissingError: a variant's model is not there.
    """
    variants = [{"InitialVariantWeight": 1.0, **variant} for variant in request["ProductionVariants"]]
    for variant in (*variants, *request.get("ShadowProductionVariants", ())):
        model = variant.get("ModelName")
        if model is not None and store.resources.get(MODEL, model) is None:
            message = f'Could not find model "{model_arn(model)}".'
            raise MissingError(message)
    body = {
        "EndpointConfigName": name,
        "EndpointConfigArn": config_arn(name),
        "ProductionVariants": variants,
        **{member: request[member] for member in _CONFIG_MEMBERS if member in request},
        "CreationTime": now,
    }
    return _create(store, CONFIG, name, config_arn(name), body, request, now, again=again)


def without_effect(request: Mapping[str, Any]) -> list[str]:
    """Return the members of a CreateEndpointConfig request that do nothing on the laptop."""
    found = [member for member in _CONFIG_IDLE if request.get(member)]
    for variant in request.get("ProductionVariants", ()):
        if isinstance(variant, Mapping):
            found += [member for member in _VARIANT_IDLE if variant.get(member) and member not in found]
    return found


def _create(
    store: Store,
    kind: str,
    name: str,
    resource_arn: str,
    body: Mapping[str, Any],
    request: Mapping[str, Any],
    now: float,
    *,
    again: bool,
) -> Resource:
    with store.database.transaction():
        earlier = store.resources.get(kind, name) or store.resources.by_arn(resource_arn)
        if earlier is not None:
            if again and _same(earlier.body, body):
                return earlier
            raise NameTakenError(resource_arn)
        made = store.resources.put(kind, name, resource_arn, body, now=now)
        store.resources.tag(resource_arn, {tag["Key"]: tag["Value"] for tag in request.get("Tags", ())})
    return made


def _same(earlier: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    old, new = ({**each, "CreationTime": 0} for each in (earlier, body))
    return json.dumps(old, sort_keys=True) == json.dumps(new, sort_keys=True)
