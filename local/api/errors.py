"""Errors as the services give them: a code that programs compare and a sentence that people read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


class ServiceError(Exception):
    """An answer that is an error. `code` is the service's own, `status` the HTTP status it travels with.

    `details` are further members of the error's shape, such as a ModelError's OriginalStatusCode.
    """

    def __init__(self, code: str, message: str, status: int = 400, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.details = dict(details or {})


def invalid(message: str) -> ServiceError:
    """Return SageMaker's word for a request that cannot be carried out as it stands."""
    return ServiceError("ValidationException", message)


def constraints(broken: Iterable[str]) -> ServiceError:
    """Return SageMaker's answer to members that break their shape: all of them, counted, in one message."""
    found = list(broken)
    plural = "error" if len(found) == 1 else "errors"
    return invalid(f"{len(found)} validation {plural} detected: {'; '.join(found)}")


def not_found(message: str) -> ServiceError:
    """Return SageMaker's word for something that is not there."""
    return ServiceError("ResourceNotFound", message)


def in_use(message: str) -> ServiceError:
    """Return SageMaker's word for a name that is taken."""
    return ServiceError("ResourceInUse", message)


def conflict(message: str) -> ServiceError:
    """Return SageMaker's word for a state that does not allow what was asked."""
    return ServiceError("ConflictException", message)


def unknown_operation(service: str, operation: str, offered: Iterable[str]) -> ServiceError:
    """Return the answer to an operation that the laptop does not offer, with those that it does."""
    return ServiceError(
        "UnknownOperationException",
        f"The laptop's {service} has no operation {operation} yet. It has: {', '.join(sorted(offered))}.",
    )


def internal(operation: str, error: BaseException, log: str) -> ServiceError:
    """Return the answer to a fault of our own; the traceback is in `log`."""
    return ServiceError(
        "InternalFailure",
        f"Sageline failed while it answered {operation} ({type(error).__name__}: {error}). The details are in {log}.",
        status=500,
    )
