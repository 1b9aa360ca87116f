"""Invoking a function and waiting for what it returns."""

from __future__ import annotations

from typing import Any

from local.functions.manifest import Function
from local.functions.process import FunctionProcess, Outcome
from local.store.store import Store


def endpoint(store: Store) -> str:
    """Return the URL of the local API, started where it does not run yet.

    Raises:
        local.api.http.ServerError: it did not start.
    """
    from local.api.http import ensure  # noqa: PLC0415 - only what starts functions needs a server

    return ensure(store.home.root)


def invoke(store: Store, function: Function, event: Any, *, request: str) -> FunctionProcess:
    """Run a function to its end and return its process, whose `wait` gives the outcome at once."""
    process = FunctionProcess(store, function, event, request=request)
    process.go(endpoint(store))
    process.wait()
    return process


__all__ = ["FunctionProcess", "Outcome", "endpoint", "invoke"]
