"""Jobs of every kind: created outside executions, described as they were recorded, listed, and asked to stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.api import engine, errors, paging
from local.api.call import Call, Handler, Response
from local.api.errors import ServiceError
from local.api.sagemaker import members, trials
from local.api.sagemaker.job_kinds import KINDS, PROCESSING, TRAINING, TRANSFORM, TUNING, JobKind
from local.jobs.records import STOP_REQUESTED
from local.store.resources import Resource

STOPPABLE = ("InProgress", "Stopping")
# Filters on what laptop jobs never have: nothing matches them.
NEVER = ("WarmPoolStatusEquals", "TrainingPlanArnEquals")


def get(call: Call, kind: JobKind) -> Resource:
    """Return the job that a request names; the service's own error where there is none."""
    name = call.params[kind.name]
    found = call.store.resources.get(kind.noun, name)
    if found is None:
        raise ServiceError(kind.missing_code, kind.missing(name))
    return engine.settled_job(call.store, kind.noun, found)


def _create(kind: JobKind) -> Handler:
    def create(call: Call) -> Response:
        name, found = call.params[kind.name], engine.job_problems(kind.noun, call.params)
        if found:
            raise errors.invalid(" ".join(f"The {kind.words} {name} {problem}" for problem in found))
        with call.store.database.transaction():
            if call.store.resources.get(kind.noun, name) is not None:
                message = f"Job name must be unique within an AWS account and region, and a job named {name} exists."
                raise errors.in_use(message)
        engine.start_job(call.store, kind.noun, call.params)
        return {f"{kind.noun}Arn": get(call, kind).arn}

    return create


def _describe(kind: JobKind) -> Handler:
    def describe(call: Call) -> Response:
        return members.respond(f"Describe{kind.noun}", get(call, kind).body)

    return describe


def _list(kind: JobKind) -> Handler:
    def list_jobs(call: Call) -> Response:
        stored = (engine.settled_job(call.store, kind.noun, each) for each in call.store.resources.list(kind.noun))
        found = [each for each in stored if _matches(each, kind, call.params)]
        chosen, token = paging.page(found, call.params, _key(call, kind), descending=False)
        return paging.answer(f"{kind.noun}Summaries", [kind.summarise(each.body) for each in chosen], token)

    return list_jobs


def _stop(kind: JobKind) -> Handler:
    def stop(call: Call) -> Response:
        with call.store.database.transaction():
            found = get(call, kind)
            status = _status(found, kind)
            if status not in STOPPABLE:
                raise errors.invalid(f"The request was rejected because the {kind.words} is in status {status}.")
            # The job's owner looks at the wish, and records what came of it.
            body = {**found.body, STOP_REQUESTED: True, kind.status: "Stopping", "LastModifiedTime": call.now}
            if kind is TRAINING:
                body["SecondaryStatus"] = "Stopping"
            call.store.resources.put(kind.noun, found.name, found.arn, body, now=call.now, status="Stopping")
        return {}

    return stop


def list_training_jobs_for_tuning_job(call: Call) -> Response:
    """Return the trainings that a tuning job started."""
    tuning = get(call, TUNING)
    wanted = call.params.get("StatusEquals")
    found = [
        each
        for each in call.store.resources.list(TRAINING.noun)
        if each.body.get("TuningJobArn") == tuning.arn and wanted in (None, _status(each, TRAINING))
    ]
    key = _key(call, TRAINING)
    if call.params.get("SortBy") == "FinalObjectiveMetricValue":
        values = {each.arn: trials.objective(tuning, each) for each in found}
        # As the service documents it: jobs without a value are left out.
        found = [each for each in found if values[each.arn] is not None]

        def key(each: Resource) -> paging.Key:
            return values[each.arn] or 0.0, each.arn

    chosen, token = paging.page(found, call.params, key, descending=False)
    return paging.answer("TrainingJobSummaries", [trials.summary(tuning, each) for each in chosen], token)


def _key(call: Call, kind: JobKind) -> Callable[[Resource], paging.Key]:
    order = call.params.get("SortBy") or "CreationTime"

    def key(each: Resource) -> paging.Key:
        return {"Name": each.name, "Status": _status(each, kind)}.get(order, each.created), each.arn

    return key


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


OPERATIONS: dict[str, Handler] = {
    "ListTrainingJobsForHyperParameterTuningJob": list_training_jobs_for_tuning_job,
    **{f"Create{kind.noun}": _create(kind) for kind in (PROCESSING, TRAINING, TRANSFORM)},
    **{f"Describe{kind.noun}": _describe(kind) for kind in KINDS},
    **{f"List{kind.noun}s": _list(kind) for kind in KINDS},
    **{f"Stop{kind.noun}": _stop(kind) for kind in KINDS},
}
