"""What the test deployment made, what tests have looked at, and how long it took: said at the end of a test run."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

_KEY = "deployed"
_reports: list[dict[str, Any]] = []


@dataclass
class DeployReport:
    """One deployment's.

    Attributes:
        seconds: how long each part took.
        created: resources that were made, by type.
        checked: resources that tests have asked for, by type, each as ``stack/logical id``.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    created: Counter[str] = field(default_factory=Counter)
    checked: dict[str, set[str]] = field(default_factory=dict)

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        """Note how long the block takes."""
        started = time.perf_counter()
        yield
        self.seconds[part] = time.perf_counter() - started

    def hand_in(self, config: pytest.Config) -> None:
        """Give it to the process that writes the summary: this one, or pytest-xdist's controller."""
        given = {
            "seconds": dict(self.seconds),
            "created": dict(self.created),
            "checked": {type_: sorted(names) for type_, names in self.checked.items()},
        }
        if hasattr(config, "workeroutput"):
            config.workeroutput[_KEY] = given
        else:
            _reports.append(given)


def take_in(node: Any) -> None:
    """Take what a worker has handed in."""
    if found := getattr(node, "workeroutput", {}).get(_KEY):
        _reports.append(found)


def lines() -> list[str]:
    """Return the summary's lines; workers that each deployed the environment have made the same."""
    if not _reports:
        return []
    first = _reports[0]
    checked: dict[str, set[str]] = {}
    for report in _reports:
        for type_, names in report["checked"].items():
            checked.setdefault(type_, set()).update(names)
    took = ", ".join(f"{part} {seconds:.0f} s" for part, seconds in first["seconds"].items())
    types = sorted({*first["created"], *checked})
    rows = [f"{type_:<48} {first['created'].get(type_, 0):>7} {len(checked.get(type_, ())):>7}" for type_ in types]
    total = sum(first["created"].values())
    return [
        f"{total} resources of {len(first['created'])} types; {took}",
        f"{'type':<48} {'made':>7} {'checked':>7}",
        *rows,
        "Checked are also those that tests have made by changed settings, and approved models' endpoints.",
    ]
