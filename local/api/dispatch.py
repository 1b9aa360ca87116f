"""From an operation's name and parameters to its response, whatever transport stands in front."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local.api import checks, errors, services
from local.api.call import Call, Response
from local.api.errors import ServiceError
from local.functions.wake import wake
from local.registry.errors import RegistryError
from local.store.store import Store

_READS = ("Describe", "List", "Search", "Get")


class Dispatcher:
    """Answers operations on one home. Safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def dispatch(self, service: str, operation: str, params: Mapping[str, Any]) -> Response:
        """Return the response to one operation, checked on the way in and on the way out.

        Raises:
            ServiceError: the service's own error, InternalFailure where the fault is ours.
        """
        try:
            return self._answer(service, operation, params)
        except ServiceError:
            raise
        except RegistryError as error:
            raise ServiceError(error.code, str(error)) from None
        except Exception as error:
            raise self.failed(operation, error) from error

    def failed(self, operation: str, error: Exception) -> ServiceError:
        """Return the answer to a fault of our own, with the traceback of the present exception in the home's log."""
        return errors.internal(operation, error, self._log(operation))

    def _answer(self, service: str, operation: str, params: Mapping[str, Any]) -> Response:
        offered = services.operations(service)
        if operation not in offered:
            raise errors.unknown_operation(service, operation, offered)
        checks.check_request(service, operation, params)
        response = offered[operation](Call(self.store, service, operation, params, time.time()))
        if service == "sagemaker" and not operation.startswith(_READS):
            # Whoever asked may end now; what follows from it (an approval's event …) has a process of its own.
            wake(self.store)
        checks.check_response(service, operation, response)
        return response

    def _log(self, operation: str) -> str:
        """Append the traceback of the present exception to the home's log; returns the log's path."""
        path = self.store.home.root / "api.log"
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        with path.open("a", encoding="utf-8") as log:
            log.write(f"{moment} {operation}\n{traceback.format_exc()}\n")
        return str(path)
