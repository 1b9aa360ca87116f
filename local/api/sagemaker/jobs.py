"""Processing and training jobs: described as the engine recorded them, and listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.api import errors, paging
from local.api.call import Call, Handler, Response
from local.api.sagemaker import members
from local.store.resources import Resource


@dataclass(frozen=True)
class JobKind:
    """What differs between the kinds of job: names of members, and the service's sentence for a job it has not."""

    noun: str
    summary: tuple[str, ...]
    missing: Callable[[str], str]

    @property
    def name(self) -> str:
        """The member that holds a job's name."""
        return f"{self.noun}Name"

    @property
    def status(self) -> str:
        """The member that holds a job's status."""
        return f"{self.noun}Status"


PROCESSING = JobKind(
    "ProcessingJob",
    (
        "ProcessingJobName",
        "ProcessingJobArn",
        "CreationTime",
        "ProcessingEndTime",
        "LastModifiedTime",
        "ProcessingJobStatus",
        "FailureReason",
        "ExitMessage",
    ),
    lambda name: f"Could not find requested job with name: {name}",
)
TRAINING = JobKind(
    "TrainingJob",
    (
        "TrainingJobName",
        "TrainingJobArn",
        "CreationTime",
        "TrainingEndTime",
        "LastModifiedTime",
        "TrainingJobStatus",
        "SecondaryStatus",
    ),
    lambda _: "Requested resource not found.",
)
# Filters on what laptop jobs never have: nothing matches them.
NEVER = ("WarmPoolStatusEquals", "TrainingPlanArnEquals")


def _describe(kind: JobKind) -> Handler:
    def describe(call: Call) -> Response:
        name = call.params[kind.name]
        found = call.store.resources.get(kind.noun, name)
        if found is None:
            # ValidationException and not ResourceNotFound: so the service answers, whatever its model says.
            raise errors.invalid(kind.missing(name))
        return members.respond(f"Describe{kind.noun}", found.body)

    return describe


def _list(kind: JobKind) -> Handler:
    def list_jobs(call: Call) -> Response:
        params = call.params
        found = [each for each in call.store.resources.list(kind.noun) if _matches(each, kind, params)]
        order = params.get("SortBy") or "CreationTime"

        def key(each: Resource) -> paging.Key:
            return {"Name": each.name, "Status": _status(each, kind)}.get(order, each.created), each.arn

        chosen, token = paging.page(found, params, key, descending=False)
        summaries = [members.pick(each.body, kind.summary) for each in chosen]
        return paging.answer(f"{kind.noun}Summaries", summaries, token)

    return list_jobs


def _matches(found: Resource, kind: JobKind, params: Any) -> bool:
    modified = found.body.get("LastModifiedTime", found.modified)
    return (
        params.get("NameContains", "").lower() in found.name.lower()
        and params.get("StatusEquals", _status(found, kind)) == _status(found, kind)
        and paging.within(found.created, params, "CreationTimeAfter", "CreationTimeBefore")
        and paging.within(modified, params, "LastModifiedTimeAfter", "LastModifiedTimeBefore")
        and not any(name in params for name in NEVER)
    )


def _status(found: Resource, kind: JobKind) -> str:
    return str(found.body.get(kind.status, found.status))


OPERATIONS = {
    "DescribeProcessingJob": _describe(PROCESSING),
    "ListProcessingJobs": _list(PROCESSING),
    "DescribeTrainingJob": _describe(TRAINING),
    "ListTrainingJobs": _list(TRAINING),
}
