"""A server in a thread of the test's own process, on a free port."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from local.api.http.server import listen, serve, url_of
from local.store.home import Home


@pytest.fixture
def url(home: Path) -> Iterator[str]:
    listening = listen()
    ended = threading.Event()
    thread = threading.Thread(target=serve, args=(Home.find(home), listening), kwargs={"until": ended.wait})
    thread.start()
    yield url_of(listening)
    ended.set()
    thread.join(20)
    assert not thread.is_alive()


@pytest.fixture
def port(url: str) -> int:
    return urlsplit(url).port or 0
