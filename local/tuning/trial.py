"""One trial of a tuning job: a training job with the hyperparameters that the search proposed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from local.store.names import arn
from local.store.resources import Resource
from local.store.store import Store

KIND = "TrainingJob"
# The member of a training job's record that holds what only its tuning job needs; no API response shows it.
_OURS = "Trial"

CUT = "The tuning job stopped this training early: its objective was worse than that of earlier ones."


@dataclass(frozen=True)
class Trial:
    """A trial that has ended, or runs; `told` is the objective that the search learns from."""

    number: int
    name: str
    program: int
    values: dict[str, str]
    status: str = "InProgress"
    reason: str | None = None
    objective: float | None = None
    told: float | None = None
    cut: bool = False
    series: tuple[float, ...] = ()
    created: float = 0.0
    started: float | None = None
    ended: float | None = None

    @property
    def has_ended(self) -> bool:
        """Say whether the trial is over."""
        return self.status in ("Completed", "Failed", "Stopped")

    @property
    def counts(self) -> bool:
        """Say whether the trial is finished for good: one that failed or was stopped by a person may run again."""
        return self.status == "Completed" or (self.status == "Stopped" and self.cut)


def trial_name(tuning_job: str, number: int) -> str:
    """Return a trial's name as the service makes them, the same for the same number."""
    digest = hashlib.sha256(f"{tuning_job}/{number}".encode()).hexdigest()
    return f"{tuning_job}-{number:03d}-{digest[:8]}"


def trial_arn(trial: Trial) -> str:
    """Return the ARN of a trial's training job."""
    return arn(f"training-job/{trial.name}")


def remember(store: Store, trial: Trial, shown: Mapping[str, Any], now: float) -> None:
    """Keep with the training job its summary, and what its tuning job would need after the engine's end."""
    found = store.resources.get(KIND, trial.name)
    if found is not None:
        body = {**found.body, **shown, _OURS: asdict(trial)}
        store.resources.put(KIND, trial.name, found.arn, body, now=now, status=found.status)


def recall(store: Store, name: str) -> Trial | None:
    """Return a trial that has ended, if there is one of that name."""
    found = store.resources.get(KIND, name)
    kept = None if found is None else found.body.get(_OURS)
    return None if kept is None else Trial(**{**kept, "series": tuple(kept["series"])})


def with_times(trial: Trial, record: Resource | dict[str, Any]) -> Trial:
    """Return the trial with the times of its training job."""
    body = record.body if isinstance(record, Resource) else record
    return replace(
        trial,
        created=body["CreationTime"],
        started=body.get("TrainingStartTime"),
        ended=body.get("TrainingEndTime"),
    )
