"""What hooks see of the request that they answer, with Flask and without."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from email.message import Message

import pytest

from inference.hooks import custom_attributes
from local.hosting.worker import flask_request

HEADER = "x-amzn-sagemaker-custom-attributes"


def headers() -> Message:
    found = Message()
    found[HEADER] = "output=scores"
    return found


@pytest.fixture(params=["installed", "absent"])
def flask(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[bool]:
    """A process that has not imported Flask; whether that is installed."""
    before = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "flask"}
    for name in before:
        del sys.modules[name]
    installed = importlib.util.find_spec("flask") is not None
    if request.param == "absent":
        monkeypatch.setattr(flask_request, "find_spec", lambda _: None)
    elif not installed:
        pytest.skip("Flask is not installed here")
    flask_request.install()
    yield request.param == "installed"
    for name in [name for name in sys.modules if name.partition(".")[0] == "flask"]:
        del sys.modules[name]
    sys.modules.update(before)


@pytest.mark.usefixtures("flask")
def test_hooks_find_the_custom_attributes_while_they_answer() -> None:
    assert custom_attributes() == ""
    with flask_request.seen(headers()):
        assert custom_attributes() == "output=scores"
    assert custom_attributes() == ""


@pytest.mark.usefixtures("flask")
def test_outside_of_a_request_there_are_no_headers() -> None:
    from flask import request  # noqa: PLC0415 - the one that was installed just now

    with pytest.raises(RuntimeError):
        request.headers.get("Accept")


def test_what_else_a_script_asks_for_is_flasks_own(flask: bool) -> None:
    if not flask:
        with pytest.raises(ImportError, match="Response"):
            from flask import Response  # noqa: PLC0415
        return
    from flask.wrappers import Response  # noqa: PLC0415

    assert Response.__module__ == "flask.wrappers"
    assert type(sys.modules["flask"]).__name__ == "module"
    with flask_request.seen(headers()):
        assert custom_attributes() == "output=scores"
