"""The interface of what stands for a container: it shows a program the container's paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from local.jobs.process import JobProcess


class Sandbox(Protocol):
    """Starts programs so that they find folders of this machine under the container's paths."""

    name: str
    """How the execution's record names it."""

    def translate(self, text: str, mounts: Mapping[str, Path]) -> str:
        """Return the text as the program must see it; `mounts` gives the real folder of each container path."""

    def launch(
        self,
        argv: Sequence[str],
        environment: Mapping[str, str],
        mounts: Mapping[str, Path],
        *,
        directory: str,
        log: Path,
    ) -> JobProcess:
        """Start a program in `directory` (a container path), its output appended to the log.

        Raises:
            JobError: the program cannot be started here.
        """
