"""Brings an endpoint into service: its models are loaded and answer before its record says so.

That takes as long as the models take to load, and an update as long as its stages last. The process that asked for it
does it; should that die, the next process that looks at the endpoint takes over.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.hosting.endpoint_state import CHANGING, DEPLOYMENT, abandoned, existing, put
from local.hosting.endpoints import release
from local.hosting.errors import HostingError
from local.hosting.fleets import GREEN, MEMBERS, Fleet
from local.hosting.loading import VARIANTS, load
from local.hosting.shifting import RolledBackError, shift
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
    found = existing(store, name)
    name, wanted = found.name, found.body[DEPLOYMENT]
    config = wanted["config"]
    try:
        green = load(store, config, log or log_of(store, name))
        if wanted.get("keep_weights"):
            _retain(green, found.body)
        if Fleet.of(found.body).variants:
            shift(store, name, green, wanted.get("guard"))
    except (HostingError, RegistryError) as error:
        return _failed(store, name, config, str(error))
    except RolledBackError as error:
        return _failed(store, name, config, f"The update to {config} was rolled back: {error}")
    except Exception as error:
        _failed(store, name, config, f"The models could not be loaded ({type(error).__name__}: {error}).")
        raise
    return _in_service(store, name, green)


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
        # It begins anew: what was on trial has to be loaded first.
        deployment = {key: value for key, value in current.body[DEPLOYMENT].items() if key != GREEN}
        deployment["owner"] = this_process()
        status = "Creating" if current.status == "Creating" else "Updating"
        taken = put(store, {**current.body, DEPLOYMENT: deployment}, status, time.time(), event=False)
    deploy_later(store, endpoint.name)
    return taken


def log_of(store: Store, name: str) -> Path:
    """Return the log of an endpoint's models."""
    return store.home.root / "endpoints" / f"{name}.log"


def _in_service(store: Store, name: str, green: Mapping[str, Any]) -> Resource:
    with store.database.transaction():
        kept = {key: value for key, value in existing(store, name).body.items() if key not in MEMBERS}
        kept.pop("PendingDeploymentSummary", None)
        found = put(store, {**kept, **green}, "InService", time.time())
    release(store)
    return found


def _retain(green: dict[str, Any], before: Mapping[str, Any]) -> None:
    for member in VARIANTS:
        earlier = {each["VariantName"]: {key: each[key] for key in _RETAINED} for each in before.get(member, ())}
        if member in green:
            green[member] = [{**each, **earlier.get(each["VariantName"], {})} for each in green[member]]


def _failed(store: Store, name: str, config: str, reason: str) -> Resource:
    """Record a failure. An endpoint that served before goes on with the configuration that it had."""
    with store.database.transaction():
        body = dict(existing(store, name).body)
        serves = {key: body[DEPLOYMENT][key] for key in ("models", "capture") if key in body[DEPLOYMENT]}
        body.pop("PendingDeploymentSummary", None)
        body |= {"FailureReason": reason[:MAX_REASON], DEPLOYMENT: {"models": {}, **serves, "failed": config}}
        found = put(store, body, "InService" if "models" in serves else "Failed", time.time())
    release(store)
    return found
