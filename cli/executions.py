"""Finds executions by what people type, and reads the record that an execution keeps of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cli.aws_errors import is_missing
from cli.errors import CommandError
from cli.session import Session

ENDED = ("Succeeded", "Failed", "Stopped", "CompletedWithFailures")
LATEST = "latest"
SHOWN_ID = 12


@dataclass(frozen=True)
class ExecutionName:
    """The three names of an execution: its ARN, its pipeline's name and its id."""

    arn: str
    pipeline: str
    id: str


def parse_arn(arn: str) -> ExecutionName:
    """Return the names in an execution's ARN (`…:pipeline/NAME/execution/ID`)."""
    parts = arn.split(":", 5)[-1].split("/")
    if len(parts) != 4 or parts[0] != "pipeline" or parts[2] != "execution":
        message = f"{arn!r} is not the ARN of a pipeline execution. `sageline runs` lists the executions."
        raise CommandError(message)
    return ExecutionName(arn, parts[1], parts[3])


def find(session: Session, wanted: str) -> ExecutionName:
    """Return the execution that an ARN, an id, the beginning of an id or `latest` names."""
    if wanted.startswith("arn:"):
        return parse_arn(wanted)
    everything = list(summaries(session))
    if wanted == LATEST:
        if not everything:
            message = "There is no execution yet. `sageline run PROBLEM` starts one."
            raise CommandError(message)
        return parse_arn(everything[0]["PipelineExecutionArn"])
    names = [parse_arn(summary["PipelineExecutionArn"]) for summary in everything]
    matches = [name for name in names if name.id.startswith(wanted)]
    exact = [name for name in matches if name.id == wanted]
    if len(exact or matches) != 1:
        ids = ", ".join(name.id for name in matches[:5])
        problem = f"stands for several executions ({ids} …)" if matches else "is not the id of an execution"
        message = f"{wanted!r} {problem}. `sageline runs` lists the executions; `latest` is the newest."
        raise CommandError(message)
    return (exact or matches)[0]


def summaries(session: Session, pipeline: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield the executions' summaries, the newest first, each with its pipeline's name as `PipelineName`."""
    if pipeline is not None:
        names = [pipeline]
    else:
        pages = session.sagemaker.get_paginator("list_pipelines").paginate()
        names = [item["PipelineName"] for page in pages for item in page["PipelineSummaries"]]
    found: list[dict[str, Any]] = []
    for name in names:
        for page in session.sagemaker.get_paginator("list_pipeline_executions").paginate(PipelineName=name):
            found += [{**item, "PipelineName": name} for item in page["PipelineExecutionSummaries"]]
    yield from sorted(found, key=lambda item: item["StartTime"], reverse=True)


def record_key(name: ExecutionName) -> str:
    """Return the key of `execution.json`, the execution's record of itself, in the artefact bucket."""
    return f"{name.pipeline}/{name.id}/execution.json"


def read_record(session: Session, name: ExecutionName, *, whole: bool = True) -> dict[str, Any]:
    """Return the execution's own record; where it has written none, as in AWS, one made from what the service says.

    That one has the outputs' addresses only where the ``whole`` is asked for, which takes a call for each job.
    """
    try:
        answer = session.s3.get_object(Bucket=session.artifact_bucket, Key=record_key(name))
    except session.s3.exceptions.ClientError as error:
        if not is_missing(error):
            raise
        from cli import service_record  # noqa: PLC0415 - only where there is no record

        return service_record.read(session, name.arn, outputs=whole)
    record: dict[str, Any] = json.loads(answer["Body"].read())
    return record
