"""Where things lie below the home folder. Every path of the laptop's SageMaker is made here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

LEADING_HOST = "algo-1"
DEFAULT_HOME = Path(".sageline")
HOME_VARIABLE = "SAGELINE_HOME"


def host_log(log: Path, host: str) -> Path:
    """Return the log of one host of a step's job, given the step's log, which is the leading host's."""
    return log if host == LEADING_HOST else log.with_name(f"{log.stem}.{host}{log.suffix}")


def host_logs(log: Path) -> list[tuple[str, Path]]:
    """Return the hosts of a step's job that have logs, with these, given the step's log; the leading one first."""
    others = {path.stem.rpartition(".")[2]: path for path in log.parent.glob(f"{log.stem}.algo-*{log.suffix}")}
    return [(LEADING_HOST, log), *sorted(others.items(), key=lambda each: (len(each[0]), each[0]))]


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

    def job_log(self, kind: str, job_name: str) -> Path:
        """The log of a job that belongs to no execution."""
        return self.root / "job-logs" / kind / f"{job_name}.log"

    def function(self, name: str) -> Path:
        """The folder of one Lambda function: its `logs/` and the invocations under way."""
        return self.root / "functions" / name
