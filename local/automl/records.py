"""The Describe response of an AutoML job, and its record.

The service sends no event of AutoML jobs (Amazon EventBridge reference, SageMaker AI events), and neither does this.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from local.automl.candidates import describe
from local.jobs.records import STOP_REQUESTED, taken_over
from local.jobs.requests import member

if TYPE_CHECKING:
    from local.automl.job import AutoML

KIND = "AutoMLJob"
CANDIDATES = "Candidates"
"""The member of a job's record that holds all its candidates; the Describe response does not show it."""
_SHOWN = (
    "InputDataConfig",
    "OutputDataConfig",
    "RoleArn",
    "AutoMLJobObjective",
    "ProblemType",
    "AutoMLJobConfig",
)
_MAX_REASON = 1024


def body(job: AutoML) -> dict[str, Any]:
    """Return the DescribeAutoMLJob response as of now, with all candidates."""
    found: dict[str, Any] = {
        "AutoMLJobName": job.context.name,
        "AutoMLJobArn": job.arn,
        **taken_over(job.request, _SHOWN),
        "CreationTime": job.created,
        "LastModifiedTime": job.ended or time.time(),
        "AutoMLJobStatus": job.state.status,
        "AutoMLJobSecondaryStatus": "Stopping" if job.state.status == "Stopping" else job.stage,
        "GenerateCandidateDefinitionsOnly": False,
        CANDIDATES: [_candidate(job, number) for number in sorted(job.candidates)],
    }
    if job.ended is not None:
        found["EndTime"] = job.ended
    if job.state.status == "Failed":
        found["FailureReason"] = (job.state.reason or "")[:_MAX_REASON]
    if job.metric is not None and job.problem_type is not None:
        found["ResolvedAttributes"] = _resolved(job)
    best = job.best
    if best is not None:
        found["BestCandidate"] = _candidate(job, best.proposal.number)
    return found


def properties(job: AutoML) -> dict[str, Any]:
    """Return what references to the step read: the description, and where the best candidate's reports are."""
    found = {name: value for name, value in body(job).items() if name != CANDIDATES}
    if job.published and job.best is not None:
        found["BestCandidateProperties"] = {
            "ModelInsightsJsonReportPath": f"{job.places.insights(job.best)}/statistics.json",
            "ExplainabilityJsonReportPath": f"{job.places.explanation(job.best)}/analysis.json",
        }
    return found


def store(job: AutoML) -> None:
    """Store the description."""
    content, resources = body(job), job.context.store.resources
    with job.context.store.database.transaction():
        earlier = resources.get(KIND, job.context.name)
        if job.ended is None and earlier is not None and earlier.body.get(STOP_REQUESTED):
            # Said already, though the job has not seen it yet.
            content |= {STOP_REQUESTED: True, "AutoMLJobStatus": "Stopping", "AutoMLJobSecondaryStatus": "Stopping"}
        status, now = content["AutoMLJobStatus"], content["LastModifiedTime"]
        resources.put(KIND, job.context.name, job.arn, content, now=now, status=status)


def _candidate(job: AutoML, number: int) -> dict[str, Any]:
    labels = job.problem_type != "Regression"
    return describe(job.candidates[number], job.metric or "", labels, job.places if job.published else None)


def _resolved(job: AutoML) -> dict[str, Any]:
    given = member(job.request, "AutoMLJobConfig", "CompletionCriteria") or {}
    return {
        "AutoMLJobObjective": {"MetricName": job.metric},
        "ProblemType": job.problem_type,
        "CompletionCriteria": {**given, "MaxCandidates": job.plan.most},
    }
