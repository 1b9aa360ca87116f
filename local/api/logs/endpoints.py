"""Log streams of endpoints: each endpoint's group has one, of all its models."""

from __future__ import annotations

from pathlib import Path

from local.hosting.deployment import log_of
from local.hosting.endpoint_state import KIND
from local.store.store import Store

PREFIX = "/aws/sagemaker/Endpoints/"
STREAM = "models"


def groups(store: Store) -> list[str]:
    """Return the log groups of all endpoints."""
    return [PREFIX + endpoint.name for endpoint in store.resources.list(KIND)]


def log(store: Store, group: str) -> Path:
    """Return the file of a group's one stream; it is there once a model has started."""
    return log_of(store, group.removeprefix(PREFIX))
