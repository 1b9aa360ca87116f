"""Executions as they are: described, listed, their steps and parameters."""

from __future__ import annotations

from typing import Any

from local.api import errors, paging
from local.api.call import Call, Response
from local.api.sagemaker import definitions, lookups, members, steps
from local.store.executions import ExecutionSummary
from local.store.names import pipeline_arn

REASON_LIMIT = 1300
SUMMARY_REASON_LIMIT = 3072


def describe_pipeline_execution(call: Call) -> Response:
    """Return an execution's status and where it comes from."""
    found = lookups.execution(call.store, call.params["PipelineExecutionArn"])
    reason = {"FailureReason": members.fit(found.failure_reason, REASON_LIMIT)} if found.failure_reason else {}
    return {
        "PipelineArn": pipeline_arn(found.pipeline),
        "PipelineExecutionArn": found.arn,
        "PipelineExecutionStatus": found.status,
        "CreationTime": found.created,
        "LastModifiedTime": found.modified,
        **members.respond("DescribePipelineExecution", found.body),
        **reason,
    }


def describe_pipeline_definition_for_execution(call: Call) -> Response:
    """Return the definition as it was when the execution started."""
    found = lookups.execution(call.store, call.params["PipelineExecutionArn"])
    return {"PipelineDefinition": found.definition, "CreationTime": found.created}


def list_pipeline_executions(call: Call) -> Response:
    """Return a pipeline's executions, the newest first unless asked otherwise."""
    params = call.params
    found = [
        (arn, created)
        for arn, created in call.store.executions.moments(_pipeline_name(call))
        if paging.within(created, params, "CreatedAfter", "CreatedBefore")
    ]
    by_arn = params.get("SortBy") == "PipelineExecutionArn"
    chosen, token = paging.page(found, params, lambda pair: (pair[0] if by_arn else pair[1], pair[0]), descending=True)
    listed = call.store.executions.summaries([arn for arn, _ in chosen])
    summaries = [_summary(lookups.looked_at(call.store, each)) for each in listed]
    return paging.answer("PipelineExecutionSummaries", summaries, token)


def list_pipeline_execution_steps(call: Call) -> Response:
    """Return the steps that have started, the last one first unless asked otherwise."""
    arn = call.params.get("PipelineExecutionArn")
    if arn is None:
        raise errors.invalid("Give PipelineExecutionArn.")
    found = lookups.execution(call.store, arn)
    records = [record for record in call.store.steps.of(found.arn) if steps.has_started(record)]
    chosen, token = paging.page(
        records,
        call.params,
        lambda record: (record.started or 0.0, f"{record.position:06d}"),
        descending=True,
    )
    words, parents = steps.words(found.definition), steps.loops(found.definition)
    return paging.answer("PipelineExecutionSteps", [steps.describe(each, words, parents) for each in chosen], token)


def list_pipeline_parameters_for_execution(call: Call) -> Response:
    """Return every parameter of an execution with its value as text: those given and the defaults of the others."""
    found = lookups.execution(call.store, call.params["PipelineExecutionArn"])
    bound = definitions.bind(found.definition, found.parameters)
    pairs = [(name, _text(value)) for name, value in bound.items()]
    chosen, token = paging.page(pairs, call.params, lambda pair: (pair[0], pair[0]), descending=False)
    return paging.answer("PipelineParameters", [{"Name": name, "Value": value} for name, value in chosen], token)


def _pipeline_name(call: Call) -> str:
    """Return the pipeline's name; one that was deleted still has its executions."""
    given = call.params["PipelineName"]
    try:
        return lookups.pipeline(call.store, given).name
    except errors.ServiceError:
        if call.store.executions.moments(given):
            return str(given)
        raise


def _summary(found: ExecutionSummary) -> dict[str, Any]:
    reason = (
        {"PipelineExecutionFailureReason": members.fit(found.failure_reason, SUMMARY_REASON_LIMIT)}
        if found.failure_reason
        else {}
    )
    return {
        "PipelineExecutionArn": found.arn,
        "StartTime": found.created,
        "PipelineExecutionStatus": found.status,
        **members.pick(found.body, ("PipelineExecutionDisplayName", "PipelineExecutionDescription")),
        **reason,
    }


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


OPERATIONS = {
    "DescribePipelineExecution": describe_pipeline_execution,
    "DescribePipelineDefinitionForExecution": describe_pipeline_definition_for_execution,
    "ListPipelineExecutions": list_pipeline_executions,
    "ListPipelineExecutionSteps": list_pipeline_execution_steps,
    "ListPipelineParametersForExecution": list_pipeline_parameters_for_execution,
}
