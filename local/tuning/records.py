"""What is kept and said of a tuning job: its resource, its event, its outcome, a line in the step's log per trial."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from local.jobs.interface import JobState
from local.jobs.records import event_detail
from local.tuning import criteria, parents
from local.tuning.description import MOST_SUMMARIES, best, describe, ranked, summary
from local.tuning.plan import Plan
from local.tuning.trial import Trial

if TYPE_CHECKING:
    from local.tuning.job import Tuning

_EVENT = "SageMaker HyperParameter Tuning Job State Change"
MAX_REASON = 1024


def body(job: Tuning) -> dict[str, Any]:
    """Return the DescribeHyperParameterTuningJob response as of now."""
    trials = [job.trials[number] for number in sorted(job.trials)]
    now = time.time()
    found: dict[str, Any] = {
        "HyperParameterTuningJobName": job.context.name,
        "HyperParameterTuningJobArn": job.arn,
        "HyperParameterTuningJobStatus": job.state.status,
        "CreationTime": job.first_created,
        "LastModifiedTime": now,
        **describe(job.request, job.plan, job.context.name, trials, parents.best_of(job.context.store, job.plan)),
        "TuningJobCompletionDetails": {
            "NumberOfTrainingJobsObjectiveNotImproving": criteria.not_improving(
                job.plan, [trial for trial in trials if trial.has_ended]
            )
        },
        "ConsumedResources": {"RuntimeInSeconds": round((job.ended or now) - job.created)},
    }
    if job.ended is not None:
        found["HyperParameterTuningEndTime"] = job.ended
    if job.state.status == "Failed":
        found["FailureReason"] = (job.state.reason or "")[:MAX_REASON]
    return found


def properties(job: Tuning) -> dict[str, Any]:
    """Return what references to the step read: the description, and the best trainings, ranked."""
    trials = ranked(job.plan, job.trials.values())[:MOST_SUMMARIES]
    return {
        **body(job),
        "TrainingJobSummaries": [summary(job.plan, trial, job.context.name) for trial in trials],
    }


def store(job: Tuning, *, event: bool) -> None:
    """Store the Describe response, and an event where the status changed."""
    content, kept = body(job), job.context.store
    now = content["LastModifiedTime"]
    with kept.database.transaction():
        kept.resources.put(parents.KIND, job.context.name, job.arn, content, now=now, status=job.state.status)
        if event:
            kept.events.record(_EVENT, _detail(content), [job.arn], now=now)


def outcome(plan: Plan, trials: Sequence[Trial], ending: JobState | None, progress: str) -> JobState:
    """Return how a job ended none of whose trials run any more."""
    if ending is not None and ending.status != "Completed":
        return ending
    early = f"; {ending.reason}" if ending is not None else ""
    first = best(plan, trials)
    if first is not None:
        return JobState("Completed", f"{progress} by {first.name}{early}.")
    if any(trial.status == "Completed" for trial in trials):
        names = " or ".join(sorted({program.metric for program in plan.programs}))
        reason = (
            f"No objective metrics found after running {len(trials)} training jobs: no log has a line that the "
            f"regular expression of {names} finds."
        )
        return JobState("Failed", reason)
    failed = next((trial for trial in trials if trial.status == "Failed"), None)
    cause = "" if failed is None else f" {failed.name}: {failed.reason}"
    return JobState("Failed", f"No training job succeeded after {len(trials)} attempts{early}.{cause}")


def line(plan: Plan, trial: Trial) -> str:
    """Return a line on a trial that has ended."""
    values = ", ".join(f"{name}={value}" for name, value in trial.values.items())
    took = f" in {trial.ended - trial.started:.1f} s" if trial.ended and trial.started else ""
    metric = plan.programs[trial.program].metric
    shown = f", {metric} {trial.objective:.6g}" if trial.objective is not None else ""
    reason = f": {trial.reason}" if trial.reason else ""
    return f"{trial.name} ({values}) {trial.status.lower()}{took}{shown}{reason}"


def _detail(content: dict[str, Any]) -> dict[str, Any]:
    detail = event_detail(content)
    if "HyperParameterTuningEndTime" in detail:
        detail["HyperParameterTuningEndTime"] = int(detail["HyperParameterTuningEndTime"] * 1000)
    for name in ("BestTrainingJob", "OverallBestTrainingJob"):
        if name in detail:
            detail[name] = event_detail(detail[name])
    return detail
