"""The request that is being answered, as hooks find it that look for more than they are given.

The images' servers are Flask applications: a script that wants a header, such as the custom attributes, asks Flask's
`request`. Where Flask is not installed, a module of its name answers that, and nothing else.
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


def install() -> None:
    """Have the module imported, as the images' servers do: Flask's own where it is installed."""
    if find_spec(NAME) is not None:
        import_module(NAME)
        return
    made = ModuleType(NAME)
    made.__dict__.update(request=_request, has_request_context=lambda: _request.current is not None)
    sys.modules[NAME] = made


@contextmanager
def seen(headers: Message) -> Iterator[None]:
    """Show a request's headers to the hooks that answer it."""
    flask: Any = sys.modules.get(NAME)
    if hasattr(flask, "Flask"):
        with flask.Flask("worker").test_request_context("/invocations", method="POST", headers=headers.items()):
            yield
        return
    _request.current = headers
    try:
        yield
    finally:
        _request.current = None
