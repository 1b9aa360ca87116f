"""The laptop's AWS behind a port, in a thread of the test's own process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.api.http.server import listen, serve, url_of
from local.store.home import Home


@contextmanager
def http_server(home: Path) -> Iterator[str]:
    """Serve a home until the block ends; gives the URL."""
    listening = listen()
    ended = threading.Event()
    thread = threading.Thread(target=serve, args=(Home.find(home), listening), kwargs={"until": ended.wait})
    thread.start()
    try:
        yield url_of(listening)
    finally:
        ended.set()
        thread.join(20)
    assert not thread.is_alive()
