"""Where things lie below the home folder. Every path of the laptop's SageMaker is made here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

DEFAULT_HOME = Path(".sageline")
HOME_VARIABLE = "SAGELINE_HOME"


@dataclass(frozen=True)
class Home:
    """A home folder: `state.db`, `s3/BUCKET/KEY`, `executions/ID/` (logs), `jobs/NAME/` (containers' folders) …"""

    root: Path

    @classmethod
    def find(cls, given: Path | None = None) -> Home:
        """Return the given home, else the one SAGELINE_HOME names, else `.sageline` in the working directory."""
        chosen = given or Path(os.environ.get(HOME_VARIABLE) or DEFAULT_HOME)
        return cls(chosen.expanduser().absolute())

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.root / "state.db"

    @property
    def objects(self) -> Path:
        """The folder of buckets."""
        return self.root / "s3"

    @property
    def staging(self) -> Path:
        """Where files are written before they are renamed into place; the same file system as `objects`."""
        return self.root / "staging"

    def execution(self, execution_id: str) -> Path:
        """The folder of one execution: `engine.log` and `logs/STEP.log`."""
        return self.root / "executions" / execution_id

    def step_log(self, execution_id: str, step: str) -> Path:
        """The log of one step of one execution."""
        return self.execution(execution_id) / "logs" / f"{step}.log"

    def job(self, job_name: str) -> Path:
        """The folder that stands for one job's container (its `/opt/ml` lies below)."""
        return self.root / "jobs" / job_name

    def function(self, name: str) -> Path:
        """The folder of one Lambda function: its `logs/` and the invocations under way."""
        return self.root / "functions" / name
