"""Which tests run in one worker: those of a file, with the fixtures that they share, and all that share a deployment.

The plugin's own groups (`--dist loadgroup`) are lost under this pytest: it takes them from names that pytest no longer
lets it change.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from tests.support import deploy_report, descriptors

TOGETHER = ("tests/infra/deploy/",)


class Scheduling(LoadFileScheduling):  # type: ignore[misc]
    """Hands out files, and folders whose files belong together."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), super()._split_scope(nodeid))


def pytest_collection_finish() -> None:
    """Have what all tests have imported looked through no more: it stays, and is most of what a process holds."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def few_stay_open() -> Iterator[None]:
    """Hold the process to few open files when all that tests share is gone."""
    yield
    descriptors.let_go()
    descriptors.check()


@pytest.fixture(autouse=True, scope="module")
def none_for_the_next_module() -> Iterator[None]:
    """Close what a module's tests have left open."""
    yield
    descriptors.let_go()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    """Hand out tests so where `--dist loadfile` asks for files."""
    return Scheduling(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_testnodedown(node: Any, error: object) -> None:
    """Keep what a worker says of the deployment that its tests shared."""
    del error
    deploy_report.take_in(node)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was deployed, and what of it tests have looked at."""
    if lines := deploy_report.lines():
        terminalreporter.section("deployed to a stand-in for AWS")
        for line in lines:
            terminalreporter.line(line)
