"""A server in a thread of the test's own process, on a free port."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.http_server import http_server


@pytest.fixture
def url(home: Path) -> Iterator[str]:
    with http_server(home) as url:
        yield url


@pytest.fixture
def port(url: str) -> int:
    return urlsplit(url).port or 0
