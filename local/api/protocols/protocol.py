"""The interface of a protocol, and which protocol a service speaks."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Mapping
from typing import Any, Protocol, cast

from botocore.model import OperationModel, ServiceModel

from local.api.errors import ServiceError
from local.api.protocols.http import HttpRequest, HttpResponse

MODULES = {
    "json": "local.api.protocols.json_rpc",
    "query": "local.api.protocols.query",
    "rest-json": "local.api.protocols.rest_json",
    "rest-xml": "local.api.protocols.rest_xml",
}


class WireProtocol(Protocol):
    """What each protocol module offers."""

    def read(self, request: HttpRequest, service: ServiceModel) -> tuple[str, Mapping[str, Any]]:
        """Return the operation that a request names and its parameters; ServiceError where it cannot be read."""
        ...

    def write(self, response: Mapping[str, Any], operation: OperationModel, request_id: str) -> HttpResponse:
        """Return a handler's response as HTTP."""
        ...

    def write_error(self, error: ServiceError, request: HttpRequest, request_id: str) -> HttpResponse:
        """Return an error as HTTP."""
        ...


@functools.cache
def protocol_of(service: ServiceModel) -> WireProtocol:
    """Return the protocol that botocore chooses for a service."""
    return cast(WireProtocol, importlib.import_module(MODULES[service.resolved_protocol]))
