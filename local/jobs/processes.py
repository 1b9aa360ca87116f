"""The programs of a job on several hosts, as one: it ends when all have ended, and fails with the first that fails."""

from __future__ import annotations

import time
from collections.abc import Sequence

from local.jobs.process import JobProcess


class JobProcesses:
    """The running programs of a job, the leading host's first."""

    def __init__(self, processes: Sequence[JobProcess], grace: float) -> None:
        self._processes = processes
        self._grace = grace
        self._deadline: float | None = None
        self.failed: int | None = None
        """The place of the host that failed first."""
        self.name = processes[0].name

    def poll(self) -> int | None:
        """Return the job's exit code once all programs have ended, else None. After a failure the others must end."""
        codes = [process.poll() for process in self._processes]
        if self.failed is None:
            self.failed = next((place for place, code in enumerate(codes) if code), None)
            if self.failed is not None:
                self._deadline = time.monotonic() + self._grace
                self.terminate()
        if None in codes:
            if self._deadline is not None and time.monotonic() > self._deadline:
                self.kill()
            return None
        return 0 if self.failed is None else codes[self.failed]

    def terminate(self) -> None:
        """Ask the programs that still run to end."""
        for process in self._processes:
            if process.poll() is None:
                process.terminate()

    def kill(self) -> None:
        """End the programs that still run."""
        for process in self._processes:
            if process.poll() is None:
                process.kill()
