"""What a warm start knows: the trials of earlier tuning jobs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from local.jobs.errors import JobError
from local.store.store import Store
from local.tuning.plan import Plan, Program
from local.tuning.trial import Trial, recall, trial_name

KIND = "HyperParameterTuningJob"


def check(store: Store, parents: Sequence[str]) -> None:
    """See that the parents are there and have ended.

    Raises:
        JobError: one is not.
    """
    for name in parents:
        found = store.resources.get(KIND, name)
        if found is None:
            message = f"The parent tuning job {name} of the warm start is not known here; run it first."
            raise JobError(message)
        if found.status not in ("Completed", "Stopped", "Failed"):
            message = f"The parent tuning job {name} of the warm start has not ended yet."
            raise JobError(message)


def known(store: Store, plan: Plan) -> list[list[tuple[Mapping[str, str], float]]]:
    """Return for each program the parents' trials that lie in its ranges, with their objectives."""
    trials = [trial for name in plan.parents for trial in _trials(store, name)]
    return [[(each.values, each.told) for each in trials if _fits(program, each)] for program in plan.programs]  # type: ignore[misc] # _fits leaves out those without an objective


def best_of(store: Store, plan: Plan) -> list[dict[str, Any]]:
    """Return the parents' best trainings, each as a summary; a parent's own overall best counts as well."""
    found = []
    for name in plan.parents:
        parent = store.resources.get(KIND, name)
        body = {} if parent is None else parent.body
        found += [body[member] for member in ("BestTrainingJob", "OverallBestTrainingJob") if member in body]
    return found


def _trials(store: Store, tuning_job: str) -> Iterator[Trial]:
    parent = store.resources.get(KIND, tuning_job)
    started = sum(parent.body["TrainingJobStatusCounters"].values()) if parent is not None else 0
    for number in itertools.islice(itertools.count(1), started):
        found = recall(store, trial_name(tuning_job, number))
        if found is not None:
            yield found


def _fits(program: Program, trial: Trial) -> bool:
    inside = all(each.name in trial.values and each.contains(trial.values[each.name]) for each in program.ranges)
    return inside and trial.told is not None
