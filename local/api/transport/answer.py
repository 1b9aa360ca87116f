"""One HTTP request to one HTTP response: what every transport does between its own two ends."""

from __future__ import annotations

import uuid

from local.api.dispatch import Dispatcher
from local.api.errors import ServiceError
from local.api.protocols.http import HttpRequest, HttpResponse
from local.api.protocols.protocol import protocol_of
from local.definition.models import service_model


def answer(dispatcher: Dispatcher, service: str, request: HttpRequest) -> HttpResponse:
    """Return the service's response to a request; errors too are responses."""
    model = service_model(service)
    protocol = protocol_of(model)
    request_id = str(uuid.uuid4())
    try:
        operation, params = protocol.read(request, model)
        response = dispatcher.dispatch(service, operation, params)
        return protocol.write(response, model.operation_model(operation), request_id)
    except ServiceError as error:
        return protocol.write_error(error, request, request_id)
    except Exception as error:  # noqa: BLE001 - a fault between wire and handler is logged and answered like any other
        return protocol.write_error(dispatcher.failed(service, error), request, request_id)
