"""Loads the models of an endpoint configuration, and says what the endpoint's record holds of such a fleet."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.hosting import containers
from local.hosting.endpoint_state import DEPLOYMENT
from local.hosting.errors import HostingError
from local.hosting.pool import pool_of
from local.registry import endpoint_configs
from local.store.store import Store

VARIANTS = ("ProductionVariants", "ShadowProductionVariants")


def load(store: Store, config: str, log: Path) -> dict[str, Any]:
    """Load all models of a configuration, and return the members of the record of the fleet that they are.

    Raises:
        HostingError: a model cannot be served.
        RegistryError: there is no such configuration.
    """
    given = endpoint_configs.get(store, config).body
    found: dict[str, Any] = {"EndpointConfigName": given["EndpointConfigName"]}
    # Kept beside the variants: a configuration may be deleted while its endpoint serves.
    deployment: dict[str, Any] = {"models": {}}
    for member in VARIANTS:
        if given.get(member):
            found[member] = [_variant(store, variant, log) for variant in given[member]]
            deployment["models"] |= {each["VariantName"]: each["ModelName"] for each in given[member]}
    if given.get("AsyncInferenceConfig"):
        found["AsyncInferenceConfig"] = given["AsyncInferenceConfig"]
    if given.get("DataCaptureConfig"):
        deployment["capture"] = given["DataCaptureConfig"]
        found["DataCaptureConfig"] = _capture(given["DataCaptureConfig"])
    return {**found, DEPLOYMENT: deployment}


def _variant(store: Store, variant: Mapping[str, Any], log: Path) -> dict[str, Any]:
    """Load a variant's models, and return it as an endpoint's description has it."""
    name, model = variant["VariantName"], variant.get("ModelName")
    if not model:
        message = f"The variant {name} has no ModelName; the laptop serves no inference components."
        raise HostingError(message)
    pool, chain = pool_of(store), containers.containers(store, model)
    for container in chain:
        pool.worker(container, log)
    count, weight = variant.get("InitialInstanceCount", 1), variant.get("InitialVariantWeight", 1.0)
    return {
        "VariantName": name,
        "DeployedImages": containers.images(chain, time.time()),
        "CurrentWeight": weight,
        "DesiredWeight": weight,
        "CurrentInstanceCount": count,
        "DesiredInstanceCount": count,
    }


def _capture(given: Mapping[str, Any]) -> dict[str, Any]:
    enabled = given.get("EnableCapture", True)
    return {
        "EnableCapture": enabled,
        "CaptureStatus": "Started" if enabled else "Stopped",
        "CurrentSamplingPercentage": given["InitialSamplingPercentage"],
        "DestinationS3Uri": given["DestinationS3Uri"],
        "KmsKeyId": given.get("KmsKeyId", ""),
    }
