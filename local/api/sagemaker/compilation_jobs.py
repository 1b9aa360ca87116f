"""Compilation jobs: created, described, listed, stopped and forgotten, with the service's own errors."""

from __future__ import annotations

from local.api import errors, paging
from local.api.call import Call, Handler, Response
from local.api.sagemaker import members
from local.compilation import process, validation
from local.registry import compilation_jobs as jobs
from local.store.resources import Resource

SUMMARY = (
    "CompilationJobName",
    "CompilationJobArn",
    "CreationTime",
    "CompilationStartTime",
    "CompilationEndTime",
    "LastModifiedTime",
    "CompilationJobStatus",
)


def create_compilation_job(call: Call) -> Response:
    """Make a job and start compiling."""
    found = validation.problems(call.params)
    if found:
        raise errors.invalid(" ".join(found))
    made = jobs.create(call.store, call.params, now=call.now)
    process.start(call.store, made.name)
    return {"CompilationJobArn": made.arn}


def describe_compilation_job(call: Call) -> Response:
    """Return everything about a job."""
    return members.respond("DescribeCompilationJob", _get(call).body)


def list_compilation_jobs(call: Call) -> Response:
    """Return jobs, the newest first unless asked otherwise."""
    order = call.params.get("SortBy") or "CreationTime"
    stored = (process.settled(call.store, each) for each in call.store.resources.list(jobs.KIND))
    found = [each for each in stored if _matches(each, call)]

    def key(each: Resource) -> paging.Key:
        return {"Name": each.name, "Status": each.status}.get(order, each.created), each.arn

    chosen, token = paging.page(found, call.params, key, descending=True)
    return paging.answer("CompilationJobSummaries", [_summary(each) for each in chosen], token)


def stop_compilation_job(call: Call) -> Response:
    """Ask a job to stop."""
    found = _get(call)
    jobs.stop(call.store, found.name, now=call.now)
    process.ask_to_stop(call.store, found.name)
    return {}


def delete_compilation_job(call: Call) -> Response:
    """Forget a job that has ended; what it made stays."""
    jobs.delete(call.store, _get(call).name)
    return {}


def _get(call: Call) -> Resource:
    return process.settled(call.store, jobs.get(call.store, call.params["CompilationJobName"]))


def _matches(found: Resource, call: Call) -> bool:
    params = call.params
    return (
        params.get("NameContains", "").lower() in found.name.lower()
        and params.get("StatusEquals", found.status) == found.status
        and paging.within(found.created, params, "CreationTimeAfter", "CreationTimeBefore")
        and paging.within(found.modified, params, "LastModifiedTimeAfter", "LastModifiedTimeBefore")
    )


def _summary(found: Resource) -> Response:
    output = found.body["OutputConfig"]
    platform = output.get("TargetPlatform") or {}
    named = {
        "CompilationTargetDevice": output.get("TargetDevice"),
        **{f"CompilationTargetPlatform{part}": platform.get(part) for part in ("Os", "Arch", "Accelerator")},
    }
    return {
        **members.pick(found.body, SUMMARY),
        **{name: value for name, value in named.items() if value is not None},
    }


OPERATIONS: dict[str, Handler] = {
    "CreateCompilationJob": create_compilation_job,
    "DescribeCompilationJob": describe_compilation_job,
    "ListCompilationJobs": list_compilation_jobs,
    "StopCompilationJob": stop_compilation_job,
    "DeleteCompilationJob": delete_compilation_job,
}
