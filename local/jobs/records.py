"""Keeps jobs as the service's Describe responses, and records the events of their changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.jobs.interface import Request
from local.store.store import Store

STOP_REQUESTED = "StopRequested"
"""In a running job's record: its Stop operation was called. The engine that runs the job sees it and stops it."""

_TIMES = (
    "CreationTime",
    "LastModifiedTime",
    "TrainingStartTime",
    "TrainingEndTime",
    "ProcessingStartTime",
    "ProcessingEndTime",
    "TransformStartTime",
    "TransformEndTime",
)


def taken_over(request: Request, members: tuple[str, ...]) -> dict[str, Any]:
    """Return the request's members that the Describe response repeats."""
    return {name: request[name] for name in members if name in request}


def store_job(store: Store, kind: str, name: str, body: Mapping[str, Any], *, event: bool) -> None:
    """Store a job's Describe response, its members named after the kind, and its state change where there was one."""
    arn, status, now = body[f"{kind}Arn"], body[f"{kind}Status"], body["LastModifiedTime"]
    with store.database.transaction():
        earlier = store.resources.get(kind, name)
        wish = {STOP_REQUESTED: True} if earlier is not None and earlier.body.get(STOP_REQUESTED) else {}
        store.resources.put(kind, name, arn, {**body, **wish}, now=now, status=status)
        if event:
            noun = kind.removesuffix("Job")
            store.events.record(f"SageMaker {noun} Job State Change", event_detail(body), [arn], now=now)


def event_detail(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Describe response as events carry it: times in milliseconds since 1970."""
    detail = dict(body)
    for name in _TIMES:
        if name in detail:
            detail[name] = int(detail[name] * 1000)
    if "SecondaryStatusTransitions" in detail:
        detail["SecondaryStatusTransitions"] = [
            {key: int(value * 1000) if key.endswith("Time") else value for key, value in entry.items()}
            for entry in detail["SecondaryStatusTransitions"]
        ]
    return detail
