"""The request that is being answered, as hooks find it that look for more than they are given.

The images' servers are Flask applications: a script that wants a header, such as the custom attributes, asks Flask's
`request`. Here a module of its name answers that, whether Flask is installed or not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

NAME = "flask"


class _Request:
    """What there is of `flask.request`; requests are answered one after the other."""

    current: Message | None = None

    @property
    def headers(self) -> Message:
        """The headers, whatever the case of their names."""
        if self.current is None:
            raise RuntimeError("no request is being answered.")
        return self.current


_request = _Request()


class _Flask(ModuleType):
    """What serving scripts use of Flask; whatever else they ask for is Flask's own, loaded where it is here."""

    request = _request

    def __init__(self, *, installed: bool) -> None:
        super().__init__(NAME)
        self._installed = installed

    @staticmethod
    def has_request_context() -> bool:
        """Say whether a request is being answered."""
        return _request.current is not None

    def __getattr__(self, name: str) -> Any:
        if not self.__dict__.get("_installed"):
            message = f"module {NAME!r} has no attribute {name!r}"
            raise AttributeError(message)
        if sys.modules.get(NAME) is self:
            del sys.modules[NAME]
        return getattr(import_module(NAME), name)


def install() -> None:
    """Make the module importable. Flask's own, where it is installed, would double what a worker's start takes."""
    if NAME not in sys.modules:
        sys.modules[NAME] = _Flask(installed=find_spec(NAME) is not None)


@contextmanager
def seen(headers: Message) -> Iterator[None]:
    """Show a request's headers to the hooks that answer it."""
    _request.current = headers
    try:
        flask: Any = sys.modules.get(NAME)
        if flask is None or isinstance(flask, _Flask):
            yield
        else:
            with flask.Flask("worker").test_request_context("/invocations", method="POST", headers=headers.items()):
                yield
    finally:
        _request.current = None
