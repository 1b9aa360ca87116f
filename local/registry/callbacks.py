"""Callback tokens: a Callback step waits at one until somebody answers it."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from typing import Any

from local.registry.errors import RegistryError
from local.store.names import arn
from local.store.resources import Resource
from local.store.store import Store

KIND = "CallbackToken"
WAITING = "Waiting"
SUCCEEDED = "Succeeded"
FAILED = "Failed"
CLOSED = "Closed"
TOKEN_LENGTH = 10


def open_token(store: Store, execution: str, step: str, *, now: float) -> Resource:
    """Make a token for a step of an execution (its ARN). `Resource.name` is the token, its body what it waits with.

    The body is {"token", "execution", "step", "status": Waiting | Succeeded | Failed, "outputs": {…} or "reason"}.
    """
    token = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(TOKEN_LENGTH))
    body = {"token": token, "execution": execution, "step": step, "status": WAITING}
    return store.resources.put(KIND, token, arn(f"callback-token/{token}"), body, now=now, status=WAITING)


def succeed(store: Store, token: str, outputs: Mapping[str, Any], *, request_token: str | None, now: float) -> Resource:
    """Answer a token with the step's outputs."""
    return _answer(store, token, {"status": SUCCEEDED, "outputs": dict(outputs)}, request_token, now)


def fail(store: Store, token: str, reason: str, *, request_token: str | None, now: float) -> Resource:
    """Answer a token with why the step failed."""
    return _answer(store, token, {"status": FAILED, "reason": reason}, request_token, now)


def close(store: Store, token: str, *, now: float) -> None:
    """Mark a token as dealt with: its step has taken the answer, or waits for none any more."""
    found = store.resources.get(KIND, token)
    if found is not None:
        store.resources.put(KIND, found.name, found.arn, found.body, now=now, status=CLOSED)


def _answer(store: Store, token: str, answer: Mapping[str, Any], request_token: str | None, now: float) -> Resource:
    with store.database.transaction():
        found = store.resources.get(KIND, token)
        if found is None:
            message = f"Callback token '{token}' does not exist."
            raise RegistryError(message, "ResourceNotFound")
        if found.status == CLOSED:
            message = f"No step waits at the callback token '{token}' any more."
            raise RegistryError(message, "ConflictException")
        if found.status != WAITING:
            # The same request again, whose answer got lost, is no conflict.
            if request_token is not None and found.body.get("request") == request_token:
                return found
            message = f"Callback token '{token}' was answered already: the step {found.body['step']} {found.status}."
            raise RegistryError(message, "ConflictException")
        # Also where the engine has died: whoever resumes the execution finds the answer.
        body = {**found.body, **answer, "request": request_token}
        return store.resources.put(KIND, token, found.arn, body, now=now, status=str(answer["status"]))
