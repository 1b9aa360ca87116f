"""Moves requests to a new fleet stage by stage, watches how it answers, and goes back where it fails.

CloudWatch and its alarms are not on the laptop. Where a deployment configuration names alarms, the rate of 5xx answers
of the new fleet stands for all of them, from whatever process they came.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from local.hosting import stages
from local.hosting.endpoint_state import DEPLOYMENT, existing, put
from local.hosting.fleets import GREEN
from local.hosting.metrics import INVOCATIONS, SERVER_ERRORS
from local.hosting.recording import recorder_of
from local.hosting.stages import Stage
from local.store.store import Store

MOST_ERRORS = 0.05
"""The share of requests that a new fleet may fail before it is taken back."""
_LOOK_SECONDS = 0.1


class RolledBackError(Exception):
    """The new fleet failed its trial; the message says by how much."""


def shift(store: Store, name: str, green: Mapping[str, Any], guard: Mapping[str, Any] | None) -> None:
    """Give the new fleet its share of requests, stage by stage; at the end it has them all.

    Raises:
        RolledBackError: it answered too many requests with a 5xx. The old fleet has all requests again.
        RegistryError: somebody has deleted the endpoint meanwhile.
    """
    count = min(variant["CurrentInstanceCount"] for variant in green["ProductionVariants"])
    steps = [stage for stage in stages.stages(guard, count) if stage.seconds > 0]
    before = _counts(store, name, green)
    for stage in steps:
        _set_share(store, name, green, stage)
        deadline = time.monotonic() + stage.seconds
        while True:
            failure = _failure(store, name, green, guard, before)
            if failure is not None:
                _go_back(store, name)
                message = f"with {stage.share:.0%} of the requests, {failure}"
                raise RolledBackError(message)
            left = deadline - time.monotonic()
            if left <= 0:
                break
            time.sleep(min(_LOOK_SECONDS, left))


def _failure(
    store: Store, name: str, green: Mapping[str, Any], guard: Mapping[str, Any] | None, before: Mapping[str, float]
) -> str | None:
    names = stages.alarms(guard)
    if not names:
        return None
    now = _counts(store, name, green)
    asked, failed = (now.get(each, 0.0) - before.get(each, 0.0) for each in (INVOCATIONS, SERVER_ERRORS))
    if not asked or failed / asked <= MOST_ERRORS:
        return None
    return (
        f"the new fleet failed {failed:.0f} of {asked:.0f}. More than {MOST_ERRORS:.0%} stands for the "
        f"alarm{'s' * (len(names) > 1)} {', '.join(names)} on the laptop."
    )


def _counts(store: Store, name: str, green: Mapping[str, Any]) -> Mapping[str, float]:
    recorder_of(store).metrics.flush()
    return store.metrics.of(name, green["EndpointConfigName"])


def _set_share(store: Store, name: str, green: Mapping[str, Any], stage: Stage) -> None:
    now = time.time()
    with store.database.transaction():
        found = existing(store, name)
        deployment = {**found.body[DEPLOYMENT], GREEN: {"share": stage.share, "body": green}}
        body = {**found.body, DEPLOYMENT: deployment, "PendingDeploymentSummary": pending(green, "Baking", now)}
        put(store, body, found.status, now, event=False)


def _go_back(store: Store, name: str) -> None:
    with store.database.transaction():
        found = existing(store, name)
        deployment = {key: value for key, value in found.body[DEPLOYMENT].items() if key != GREEN}
        put(store, {**found.body, DEPLOYMENT: deployment}, "RollingBack", time.time())


def pending(green: Mapping[str, Any], status: str, now: float) -> dict[str, Any]:
    """Return what DescribeEndpoint says of a fleet that is to take over."""

    def shown(variants: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [{**each, "VariantStatus": [{"Status": status, "StartTime": now}]} for each in variants]

    members = {name: shown(green[name]) for name in ("ProductionVariants", "ShadowProductionVariants") if name in green}
    return {"EndpointConfigName": green["EndpointConfigName"], "StartTime": now, **members}
