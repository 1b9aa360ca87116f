"""Selected steps of a pipeline, run on the results and with the parameters of an earlier execution."""

from __future__ import annotations

from typing import Any

from cli.errors import CommandError
from cli.executions import ENDED, ExecutionName, find, parse_arn, summaries
from cli.session import Session


def step_names(only: str) -> list[str]:
    """Return the names in `STEP,STEP`."""
    names = [name.strip() for name in only.split(",")]
    if not all(names):
        message = f"Steps are written STEP,STEP, for example --only Train,Evaluate. Not so: {only!r}."
        raise CommandError(message)
    return names


def reference(session: Session, pipeline: str, wanted: str | None) -> ExecutionName | None:
    """Return the execution whose results are reused: the one that is named, else the pipeline's latest that ended."""
    if wanted is not None:
        return find(session, wanted)
    for summary in summaries(session, pipeline):
        if summary["PipelineExecutionStatus"] in ENDED:
            return parse_arn(summary["PipelineExecutionArn"])
    return None


def config(names: list[str], source: ExecutionName | None) -> dict[str, Any]:
    """Return the request's SelectiveExecutionConfig."""
    arn = {} if source is None else {"SourcePipelineExecutionArn": source.arn}
    return {**arn, "SelectedSteps": [{"StepName": name} for name in names]}


def parameters(session: Session, source: ExecutionName | None) -> dict[str, str]:
    """Return the reference's parameters, which selected steps go on with unless others are given."""
    if source is None:
        return {}
    pages = session.sagemaker.get_paginator("list_pipeline_parameters_for_execution")
    found = [each for page in pages.paginate(PipelineExecutionArn=source.arn) for each in page["PipelineParameters"]]
    return {each["Name"]: each["Value"] for each in found}
