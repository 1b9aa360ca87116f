from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.support import descriptors


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process in which one more is open than may be, and nothing that goes by itself."""
    monkeypatch.setattr(descriptors, "_MORE", 0)
    monkeypatch.setattr(descriptors, "_kept", 0)
    descriptors.let_go()
    monkeypatch.setattr(descriptors, "MOST", descriptors.count() + 1)
    pipe = os.pipe()
    yield
    for each in pipe:
        os.close(each)


def test_what_stays_open_is_counted_by_its_kind(many: None) -> None:
    with pytest.raises(AssertionError, match=r"are open after the last test: .*\d+ pipe:\[N\]"):
        descriptors.check()


def test_what_nobody_can_reach_any_more_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descriptors, "_MORE", 0)
    monkeypatch.setattr(descriptors, "_kept", 0)
    descriptors.let_go()
    circle: list[object] = [open(os.devnull, "rb", buffering=0)]  # noqa: SIM115, PTH123 - nobody closes it
    circle.append(circle)
    before = descriptors.count()
    del circle
    descriptors.let_go()
    assert descriptors.count() == before - 1
