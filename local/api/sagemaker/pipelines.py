"""Pipelines: a name, a definition, and who may run it."""

from __future__ import annotations

from typing import Any

from local.api import errors, paging
from local.api.call import Call, Response
from local.api.sagemaker import definitions, lookups, members
from local.registry.tags import read as read_tags
from local.store.names import pipeline_arn
from local.store.resources import Resource

KIND = "Pipeline"
# Members that a request gives and a description repeats.
GIVEN = ("PipelineDisplayName", "PipelineDescription", "RoleArn", "ParallelismConfiguration")
SUMMARY = (
    "PipelineArn",
    "PipelineName",
    "PipelineDisplayName",
    "PipelineDescription",
    "RoleArn",
    "CreationTime",
    "LastModifiedTime",
)


def create_pipeline(call: Call) -> Response:
    """Store a definition under a new name; the same token again is the same pipeline."""
    name = call.params["PipelineName"]
    text = definitions.from_request(call)
    if text is None:
        raise errors.invalid("Give PipelineDefinition or PipelineDefinitionS3Location.")
    _refuse_versions(call)
    definitions.check(text)
    tags = read_tags(call.params.get("Tags"))
    token = call.params["ClientRequestToken"]
    arn = pipeline_arn(name)
    with call.store.database.transaction():
        existing = call.store.resources.get(KIND, name) or call.store.resources.by_arn(arn)
        if existing is not None:
            if existing.body.get("ClientRequestToken") == token:
                return {"PipelineArn": existing.arn}
            raise errors.invalid(
                "Pipeline names must be unique within an AWS account and region. "
                f"Pipeline with name ({name}) already exists."
            )
        body = {
            "PipelineArn": arn,
            "PipelineName": name,
            "PipelineDisplayName": name,
            **members.pick(call.params, GIVEN),
            "PipelineDefinition": text,
            "PipelineStatus": "Active",
            "CreationTime": call.now,
            "LastModifiedTime": call.now,
            "ClientRequestToken": token,
        }
        call.store.resources.put(KIND, name, arn, body, now=call.now, status="Active")
        call.store.resources.tag(arn, tags)
    return {"PipelineArn": arn}


def update_pipeline(call: Call) -> Response:
    """Replace what the request gives; executions that run keep the definition that they started with."""
    text = definitions.from_request(call)
    _refuse_versions(call)
    lookups.pipeline(call.store, call.params["PipelineName"])
    if text is not None:
        definitions.check(text)
    changes = members.pick(call.params, GIVEN)
    if text is not None:
        changes["PipelineDefinition"] = text
    with call.store.database.transaction():
        found = lookups.pipeline(call.store, call.params["PipelineName"])
        body = {**found.body, **changes, "LastModifiedTime": call.now}
        call.store.resources.put(KIND, found.name, found.arn, body, now=call.now, status=found.status)
    return {"PipelineArn": found.arn}


def describe_pipeline(call: Call) -> Response:
    """Return everything about a pipeline, its definition included."""
    _refuse_versions(call)
    return members.respond("DescribePipeline", lookups.pipeline(call.store, call.params["PipelineName"]).body)


def delete_pipeline(call: Call) -> Response:
    """Forget a pipeline that runs nothing; its executions stay readable."""
    found = lookups.pipeline(call.store, call.params["PipelineName"])
    for each in call.store.executions.list(found.name):
        if lookups.looked_at(call.store, each).status in ("Executing", "Stopping"):
            raise errors.conflict(
                f"Pipeline {found.name} cannot be deleted while its execution {each.arn} runs. Stop that first."
            )
    call.store.resources.delete(KIND, found.name)
    return {"PipelineArn": found.arn}


def list_pipelines(call: Call) -> Response:
    """Return pipelines, the newest first unless asked otherwise."""
    params = call.params
    prefix = params.get("PipelineNamePrefix", "")
    found = [
        each
        for each in call.store.resources.list(KIND)
        if each.name.startswith(prefix)
        and params.get("ManagedBy") != "AWS"
        and paging.within(each.created, params, "CreatedAfter", "CreatedBefore")
    ]
    by_name = params.get("SortBy") == "Name"
    chosen, token = paging.page(
        found, params, lambda each: (each.name if by_name else each.created, each.arn), descending=not by_name
    )
    return paging.answer("PipelineSummaries", [_summary(each) for each in chosen], token)


def _summary(found: Resource) -> dict[str, Any]:
    last = {"LastExecutionTime": found.body["LastRunTime"]} if found.body.get("LastRunTime") else {}
    return {**members.pick(found.body, SUMMARY), **last}


def _refuse_versions(call: Call) -> None:
    for name in ("PipelineVersionId", "PipelineVersionAlias", "PipelineVersionAliases"):
        if call.params.get(name):
            raise errors.invalid(f"The laptop keeps one version of a pipeline: leave {name} out.")


OPERATIONS = {
    "CreatePipeline": create_pipeline,
    "UpdatePipeline": update_pipeline,
    "DescribePipeline": describe_pipeline,
    "DeletePipeline": delete_pipeline,
    "ListPipelines": list_pipelines,
}
