"""Executions set going, stopped, taken up again and renamed."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from typing import Any

from local.api import engine, errors
from local.api.call import Call, Response
from local.api.sagemaker import definitions, lookups, members, selections
from local.store.executions import Execution, new_execution
from local.store.names import execution_arn
from local.store.resources import Resource

ID_CHARACTERS = string.ascii_lowercase + string.digits
ID_LENGTH = 12
CACHE_TAG, CACHES = "sageline:cache", ("content", "service")
RETRIED = ("Failed", "Stopped", "CompletedWithFailures")
GIVEN = ("PipelineExecutionDisplayName", "PipelineExecutionDescription", "ParallelismConfiguration", "RoleArn")
NOT_YET = ("MlflowExperimentName", "PipelineVersionId", "PipelineVersionAlias")


def start_pipeline_execution(call: Call) -> Response:
    """Check everything, record the execution and start its engine; the same token again is the same execution."""
    for name in NOT_YET:
        if call.params.get(name):
            raise errors.invalid(f"The laptop does not carry out {name} yet: leave it out.")
    pipeline = lookups.pipeline(call.store, call.params["PipelineName"])
    token = call.params["ClientRequestToken"]
    earlier = call.store.executions.by_token(pipeline.name, token)
    if earlier is not None:
        return {"PipelineExecutionArn": earlier.arn}
    given = _given(call.params.get("PipelineParameters") or [])
    definition = pipeline.body["PipelineDefinition"]
    cache = _cache_semantics(call, pipeline)
    selected = selections.names(call)
    definitions.check_start(definition, given, call.store, selected=selected, by_address=cache == "service")
    selection = selections.check(call, pipeline.name, definition)
    wanted = _new(call, pipeline, definition, given, cache)
    if selection is not None:
        wanted.body["SelectiveExecutionConfig"] = selection
    recorded = call.store.executions.create(wanted)
    if recorded.arn == wanted.arn:
        _remember(call, pipeline.name)
        _start(call, recorded)
    return {"PipelineExecutionArn": recorded.arn}


def stop_pipeline_execution(call: Call) -> Response:
    """Ask an execution's engine to stop it."""
    found = lookups.execution(call.store, call.params["PipelineExecutionArn"])
    if found.status == "Executing":
        call.store.executions.request_stop(found.arn, call.now)
    elif found.status != "Stopping":
        raise errors.conflict(
            f"Pipeline execution with ARN {found.arn} has status '{found.status}'. "
            "Only pipelines with 'Executing' status can be stopped."
        )
    return {"PipelineExecutionArn": found.arn}


def retry_pipeline_execution(call: Call) -> Response:
    """Take up an execution that failed, was stopped or lost its engine, from its last finished steps."""
    found = lookups.execution(call.store, call.params["PipelineExecutionArn"])
    if found.status == "Succeeded":
        raise errors.invalid(f"Pipeline execution {found.arn} succeeded: there is nothing to retry.")
    if found.status not in RETRIED or not call.store.executions.reopen(found.arn, call.now):
        raise errors.conflict(
            f"Pipeline execution {found.arn} has status '{found.status}': it still runs. Stop it, or wait for its end."
        )
    if call.params.get("ParallelismConfiguration"):
        changes = members.pick(call.params, ("ParallelismConfiguration",))
        call.store.executions.update_body(found.arn, changes, call.now)
    _start(call, found)
    return {"PipelineExecutionArn": found.arn}


def update_pipeline_execution(call: Call) -> Response:
    """Change what an execution is called and how much of it runs at once."""
    found = lookups.execution(call.store, call.params["PipelineExecutionArn"])
    call.store.executions.update_body(found.arn, members.pick(call.params, GIVEN), call.now)
    return {"PipelineExecutionArn": found.arn}


def _given(parameters: list[Mapping[str, str]]) -> dict[str, str]:
    given: dict[str, str] = {}
    for parameter in parameters:
        if parameter["Name"] in given:
            raise errors.invalid(f"Parameter {parameter['Name']!r} is given twice. Give each parameter once.")
        given[parameter["Name"]] = parameter["Value"]
    return given


def _new(call: Call, pipeline: Resource, definition: str, given: Mapping[str, str], cache: str) -> Execution:
    execution_id = "".join(secrets.choice(ID_CHARACTERS) for _ in range(ID_LENGTH))
    body: dict[str, Any] = {
        "PipelineExecutionDisplayName": f"execution-{int(call.now * 1000)}",
        **members.pick(pipeline.body, ("ParallelismConfiguration", "RoleArn")),
        **members.pick(call.params, GIVEN),
        "CacheSemantics": cache,
    }
    return new_execution(
        arn=execution_arn(pipeline.name, execution_id),
        execution_id=execution_id,
        pipeline=pipeline.name,
        token=call.params["ClientRequestToken"],
        definition=definition,
        parameters=given,
        body=body,
        now=call.now,
    )


def _cache_semantics(call: Call, pipeline: Resource) -> str:
    """Return which step cache the execution uses: what the pipeline's tag says at its start, for good."""
    wanted = call.store.resources.tags(pipeline.arn).get(CACHE_TAG) or CACHES[0]
    if wanted not in CACHES:
        raise errors.invalid(f"The pipeline's tag {CACHE_TAG} is {wanted!r}: write content or service.")
    return wanted


def _remember(call: Call, name: str) -> None:
    """Note on the pipeline when it last ran; one that was deleted meanwhile needs no note."""
    with call.store.database.transaction():
        found = call.store.resources.get("Pipeline", name)
        if found is not None:
            body = {**found.body, "LastRunTime": call.now}
            call.store.resources.put("Pipeline", name, found.arn, body, now=call.now, status=found.status)


def _start(call: Call, execution: Execution) -> None:
    try:
        engine.start(call.store, execution.arn)
    except Exception as error:
        # Recorded, so that the execution can be retried; the caller gets the error as well.
        call.store.executions.set_status(execution.arn, "Failed", f"The engine did not start: {error}", call.now)
        raise


OPERATIONS = {
    "StartPipelineExecution": start_pipeline_execution,
    "StopPipelineExecution": stop_pipeline_execution,
    "RetryPipelineExecution": retry_pipeline_execution,
    "UpdatePipelineExecution": update_pipeline_execution,
}
