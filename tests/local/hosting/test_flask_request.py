"""What hooks see of the request that they answer, with Flask and without."""

from __future__ import annotations

import importlib.util
import sys
from email.message import Message
from types import ModuleType

import pytest

from inference.hooks import custom_attributes
from local.hosting.worker import flask_request


@pytest.fixture(params=["installed", "absent"])
def flask(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "absent":
        monkeypatch.setitem(sys.modules, "flask", ModuleType("flask"))
        monkeypatch.setattr(flask_request, "find_spec", lambda _: None)
    elif importlib.util.find_spec("flask") is None:
        pytest.skip("Flask is not installed here")
    flask_request.install()


@pytest.mark.usefixtures("flask")
def test_hooks_find_the_custom_attributes_while_they_answer() -> None:
    headers = Message()
    headers["x-amzn-sagemaker-custom-attributes"] = "output=scores"
    assert custom_attributes() == ""
    with flask_request.seen(headers):
        assert custom_attributes() == "output=scores"
    assert custom_attributes() == ""


@pytest.mark.usefixtures("flask")
def test_outside_of_a_request_there_are_no_headers() -> None:
    import flask  # noqa: PLC0415 - the one that was installed just now

    with pytest.raises(RuntimeError):
        flask.request.headers.get("Accept")
