"""The records that can be searched: stored resources with their tags, as the service shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.model import StructureShape

from local.definition.models import named_shape
from local.store.executions import ExecutionSummary
from local.store.names import pipeline_arn
from local.store.resources import Resource
from local.store.store import Store

# The searchable resources that the laptop has, each stored as a kind of that name. Of others there are none to find.
STORED = (
    "Endpoint",
    "HyperParameterTuningJob",
    "Model",
    "ModelPackage",
    "ModelPackageGroup",
    "Pipeline",
    "TrainingJob",
)


@dataclass(frozen=True)
class Record:
    """One thing that can be found: its members as the service shows them, and when it last changed."""

    arn: str
    modified: float
    body: dict[str, Any]


def shape_of(resource: str) -> StructureShape | None:
    """Return the shape of a resource's records; None where the service has none."""
    known = named_shape("SearchRecord")
    found = known.members.get(resource) if isinstance(known, StructureShape) else None
    return found if isinstance(found, StructureShape) else None


def every(store: Store, resource: str) -> Iterator[Record]:
    """Yield all records of a resource."""
    shape = shape_of(resource)
    if shape is None:
        return
    if resource == "PipelineExecution":
        yield from (_execution(found, shape) for found in store.executions.list())
    elif resource in STORED:
        for found in store.resources.list(resource):
            yield _stored(store, found, resource, shape)


def _stored(store: Store, found: Resource, resource: str, shape: StructureShape) -> Record:
    pairs = [{"Key": key, "Value": value} for key, value in store.resources.tags(found.arn).items()]
    body = {**found.body, **({"Tags": pairs} if pairs else {})}
    if resource == "Model":
        # Its record is a card of several things; the model itself is one of them.
        inner = shape.members["Model"]
        assert isinstance(inner, StructureShape)  # noqa: S101 - so the service's model has it
        shown = {"Model": _known(body, inner)}
    else:
        shown = _known(body, shape)
    return Record(found.arn, float(found.body.get("LastModifiedTime", found.modified)), shown)


def _execution(found: ExecutionSummary, shape: StructureShape) -> Record:
    body = {
        **found.body,
        "PipelineArn": pipeline_arn(found.pipeline),
        "PipelineExecutionArn": found.arn,
        "PipelineExecutionStatus": found.status,
        "CreationTime": found.created,
        "LastModifiedTime": found.modified,
        "FailureReason": found.failure_reason,
        "PipelineParameters": [{"Name": name, "Value": str(value)} for name, value in found.parameters.items()],
    }
    return Record(found.arn, found.modified, _known(body, shape))


def _known(body: Mapping[str, Any], shape: StructureShape) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name in shape.members and value is not None}
