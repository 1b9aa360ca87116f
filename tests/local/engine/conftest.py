"""A home with engines for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.jobs.sandboxes import SANDBOX_VARIABLE
from tests.support.pipelines import Lab


@pytest.fixture
def lab(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    if getattr(request, "param", None) == "rewriting":
        monkeypatch.setenv(SANDBOX_VARIABLE, "rewriting")
    made = Lab.at(tmp_path)
    yield made
    made.end_engines()
