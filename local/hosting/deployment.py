"""Brings an endpoint into service: its models are loaded and answer before its record says so.

That takes as long as the models take to load. The process that asked for it does it; should that die, the next process
that looks at the endpoint takes over.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.hosting import containers
from local.hosting.endpoint_state import CHANGING, DEPLOYMENT, abandoned, existing, put
from local.hosting.errors import HostingError
from local.hosting.pool import pool_of
from local.registry import endpoint_configs
from local.registry.errors import RegistryError
from local.store.processes import this_process
from local.store.resources import Resource
from local.store.store import Store

MAX_REASON = 1024
_RETAINED = ("CurrentWeight", "DesiredWeight", "CurrentInstanceCount", "DesiredInstanceCount")


def deploy(store: Store, name: str, log: Path | None = None) -> Resource:
    """Load the models of the configuration that an endpoint is getting, and say in its record how that went.

    Raises:
        RegistryError: somebody has deleted the endpoint meanwhile.
    """
    config = existing(store, name).body[DEPLOYMENT]["config"]
    try:
        variants = _load(store, config, log or log_of(store, name))
    except (HostingError, RegistryError) as error:
        return _failed(store, name, config, str(error))
    except Exception as error:
        _failed(store, name, config, f"The models could not be loaded ({type(error).__name__}: {error}).")
        raise
    return _in_service(store, name, config, variants)


def deploy_later(store: Store, name: str) -> None:
    """Do `deploy` in a thread of this process."""

    def work() -> None:
        with contextlib.suppress(RegistryError):  # It was deleted meanwhile.
            deploy(store, name)

    threading.Thread(target=work, name=f"deploy-{name}", daemon=True).start()


def settled(store: Store, endpoint: Resource) -> Resource:
    """Return the endpoint after a look at whether whoever was bringing it into service still lives."""
    if endpoint.status not in CHANGING or not abandoned(endpoint):
        return endpoint
    with store.database.transaction():
        current = existing(store, endpoint.name)
        if current.status not in CHANGING or not abandoned(current):
            return current
        deployment = {**current.body[DEPLOYMENT], "owner": this_process()}
        taken = put(store, {**current.body, DEPLOYMENT: deployment}, current.status, time.time(), event=False)
    deploy_later(store, endpoint.name)
    return taken


def log_of(store: Store, name: str) -> Path:
    """Return the log of an endpoint's models."""
    return store.home.root / "endpoints" / f"{name}.log"


def _load(store: Store, config: str, log: Path) -> list[dict[str, Any]]:
    """Load every variant's models, and return the variants as an endpoint's description has them, with their models."""
    pool, found = pool_of(store), []
    for variant in endpoint_configs.get(store, config).body["ProductionVariants"]:
        name, model = variant["VariantName"], variant.get("ModelName")
        if not model:
            message = f"The variant {name} has no ModelName; the laptop serves no inference components."
            raise HostingError(message)
        chain = containers.containers(store, model)
        for container in chain:
            pool.worker(container, log)
        count, weight = variant.get("InitialInstanceCount", 1), variant.get("InitialVariantWeight", 1.0)
        summary = {
            "VariantName": name,
            "DeployedImages": containers.images(chain, time.time()),
            "CurrentWeight": weight,
            "DesiredWeight": weight,
            "CurrentInstanceCount": count,
            "DesiredInstanceCount": count,
        }
        found.append({**summary, "ModelName": model})
    return found


def _in_service(store: Store, name: str, config: str, variants: list[dict[str, Any]]) -> Resource:
    with store.database.transaction():
        body = dict(existing(store, name).body)
        if body[DEPLOYMENT].get("keep_weights"):
            variants = _retained(variants, body.get("ProductionVariants", ()))
        # Kept beside the variants: a configuration may be deleted while its endpoint serves.
        body[DEPLOYMENT] = {"models": {each["VariantName"]: each.pop("ModelName") for each in variants}}
        body.pop("DataCaptureConfig", None)
        body |= {"ProductionVariants": variants, "EndpointConfigName": config}
        body |= _capture(endpoint_configs.get(store, config).body)
        return put(store, body, "InService", time.time())


def _retained(variants: list[dict[str, Any]], before: Any) -> list[dict[str, Any]]:
    earlier = {each["VariantName"]: {key: each[key] for key in _RETAINED} for each in before}
    return [{**each, **earlier.get(each["VariantName"], {})} for each in variants]


def _failed(store: Store, name: str, config: str, reason: str) -> Resource:
    """Record a failure. An endpoint that served before goes on with the configuration that it had."""
    with store.database.transaction():
        body = dict(existing(store, name).body)
        models = body[DEPLOYMENT].get("models")
        body |= {"FailureReason": reason[:MAX_REASON], DEPLOYMENT: {"models": models or {}, "failed": config}}
        return put(store, body, "Failed" if models is None else "InService", time.time())


def _capture(config: Mapping[str, Any]) -> dict[str, Any]:
    given = config.get("DataCaptureConfig")
    if not given:
        return {}
    shown = {
        "EnableCapture": given.get("EnableCapture", True),
        "CaptureStatus": "Stopped",  # Nothing is captured on the laptop.
        "CurrentSamplingPercentage": given["InitialSamplingPercentage"],
        "DestinationS3Uri": given["DestinationS3Uri"],
        "KmsKeyId": given.get("KmsKeyId", ""),
    }
    return {"DataCaptureConfig": shown}
