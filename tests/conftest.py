"""Which tests run in one worker: those of a file, with the fixtures that they share, and all that share a deployment.

The plugin's own groups (`--dist loadgroup`) are lost under this pytest: it takes them from names that pytest no longer
lets it change.
"""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

TOGETHER = ("tests/infra/deploy/",)


class Scheduling(LoadFileScheduling):  # type: ignore[misc]
    """Hands out files, and folders whose files belong together."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    """Hand out tests so where `--dist loadfile` asks for files."""
    return Scheduling(config, log) if config.getvalue("dist") == "loadfile" else None
