"""The server's side: moto with its CloudFormation exchanged and its services repaired."""

from __future__ import annotations

import importlib
import pkgutil

from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from moto.backends import SERVICE_NAMES
from moto.core.utils import convert_to_flask_response
from moto.moto_server.werkzeug_app import (
    BackendRequest,
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from tests.support.moto import repairs
from tests.support.moto.cloudformation.api import CloudFormation
from tests.support.moto.copies import Copying


def repair() -> None:
    """Give moto's services what they lack."""
    for module in pkgutil.iter_modules(repairs.__path__, f"{repairs.__name__}."):
        importlib.import_module(module.name).repair()


def serve() -> None:
    """Serve on a free port of the loopback interface until the process ends; print the address first."""
    repair()
    application = Copying(DomainDispatcherApplication(_application), _listen)
    print(application.address(), flush=True)
    application.serve()


def _listen(application: Copying) -> BaseWSGIServer:
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=MotoRequestHandler)
    CloudFormation.endpoint = f"http://127.0.0.1:{server.server_port}"
    return server


def _application(service: SERVICE_NAMES) -> Flask:
    """Return a service's application: moto's, but for CloudFormation, whose moto does not even get imported."""
    if service != "cloudformation":
        return create_backend_app(service)
    application = Flask("cloudformation")
    application.request_class = BackendRequest
    view = convert_to_flask_response(CloudFormation.dispatch)
    application.add_url_rule("/", "dispatch", view, methods=["GET", "POST"])
    return application
