"""An execution's record made from what the service says, where no record was written beside its outputs.

It has the members of `execution.json`; what SageMaker does not keep, such as why a step was not taken from the cache,
is left empty.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cli.session import Session
    from local.definition.document import Definition, Step

# The members of a step's metadata that name what it made -> the kind, as the record has it.
KINDS = {
    "AutoMLJob": "AutoMLJob",
    "Endpoint": "Endpoint",
    "EndpointConfig": "EndpointConfig",
    "Lambda": "Lambda",
    "Model": "Model",
    "ProcessingJob": "ProcessingJob",
    "RegisterModel": "ModelPackage",
    "TrainingJob": "TrainingJob",
    "TransformJob": "TransformJob",
    "TuningJob": "HyperParameterTuningJob",
}
ENDED = ("Succeeded", "Failed", "Stopped", "CompletedWithFailures")


def read(session: Session, arn: str, *, outputs: bool) -> dict[str, Any]:
    """Return the record of an execution; ``outputs`` asks for the addresses as well, with a call for each job."""
    from local.definition.reader import read as read_definition  # noqa: PLC0415 - only where there is no record

    sagemaker = session.sagemaker
    execution = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
    text = sagemaker.describe_pipeline_definition_for_execution(PipelineExecutionArn=arn)["PipelineDefinition"]
    definition = read_definition(json.loads(text)).definition
    steps = _paged(sagemaker, "list_pipeline_execution_steps", "PipelineExecutionSteps", arn)
    parameters = _paged(sagemaker, "list_pipeline_parameters_for_execution", "PipelineParameters", arn)
    told = {each["StepName"]: each for each in steps}
    status = execution["PipelineExecutionStatus"]
    ended = execution.get("LastModifiedTime") if status in ENDED else None
    records = [
        _step(step, told.get(name, {}), definition, over=ended is not None) for name, step in definition.steps.items()
    ]
    if outputs:
        for record in records:
            written = _outputs(sagemaker, record["job"]) if record["status"] == "Succeeded" else {}
            record["outputs"] = {**record["outputs"], **written}
    return {
        "version": 1,
        "execution": arn,
        "execution_id": arn.rpartition("/")[2],
        "pipeline": arn.split("/")[-3],
        "status": status,
        "failure_reason": execution.get("FailureReason"),
        "started": _moment(execution["CreationTime"]),
        "ended": _moment(ended),
        "seconds": _seconds(execution["CreationTime"], ended),
        "parameters": {each["Name"]: each["Value"] for each in parameters},
        "image_differences": [],
        "sandbox": {},
        "steps": records,
        "metrics": {},
        "model_package": _made(records, "ModelPackage"),
        "endpoint": _made(records, "Endpoint"),
    }


def _step(step: Step, told: Mapping[str, Any], definition: Definition, *, over: bool) -> dict[str, Any]:
    started, ended = told.get("StartTime"), told.get("EndTime")
    metadata = told.get("Metadata") or {}
    outcome = metadata.get("Condition", {}).get("Outcome")
    return {
        "name": step.name,
        "display_name": step.display_name or step.name,
        "type": step.type,
        "status": told.get("StepStatus") or ("NotExecuted" if over else "Waiting"),
        "started": _moment(started),
        "ended": _moment(ended),
        "seconds": _seconds(started, ended),
        "cache": _cache(step, told),
        "reason": told.get("FailureReason") or metadata.get("Fail", {}).get("ErrorMessage"),
        "how": None,
        "depends_on": list(definition.dependencies(step.name)),
        "branch": None if step.branch is None else {"condition": step.branch[0], "when": step.branch[1]},
        "job": _job(metadata),
        "outputs": _answered(metadata),
        "outcome": None if outcome is None else outcome == "True",
        "metrics": {},
    }


def _cache(step: Step, told: Mapping[str, Any]) -> dict[str, Any] | None:
    hit = told.get("CacheHitResult")
    if hit:
        source = hit.get("SourcePipelineExecutionArn")
        return {"result": "hit", "reason": f"its result is that of {source}.", "source": source}
    if not told:
        return None
    kept = step.cache is not None and step.cache.enabled
    return {"result": "miss" if kept else "off", "reason": "SageMaker does not say why.", "source": None}


def _job(metadata: Mapping[str, Any]) -> dict[str, str] | None:
    for member, kind in KINDS.items():
        arn = metadata.get(member, {}).get("Arn")
        if arn:
            return {"kind": kind, "name": arn.split(":", 5)[-1].partition("/")[2], "arn": arn}
    return None


def _answered(metadata: Mapping[str, Any]) -> dict[str, str]:
    """Return the addresses that were answered to a Callback step, by its outputs' names."""
    given = metadata.get("Callback", {}).get("OutputParameters", ())
    return {each["Name"]: each["Value"] for each in given if each["Value"].startswith("s3://")}


def _outputs(sagemaker: Any, job: Mapping[str, str] | None) -> dict[str, str]:
    """Return the addresses of what a job wrote, by its outputs' names."""
    if job is not None and job["kind"] == "ProcessingJob":
        described = sagemaker.describe_processing_job(ProcessingJobName=job["name"])
        listed = described.get("ProcessingOutputConfig", {}).get("Outputs", [])
        return {each["OutputName"]: each["S3Output"]["S3Uri"] for each in listed if "S3Output" in each}
    if job is not None and job["kind"] == "TrainingJob":
        described = sagemaker.describe_training_job(TrainingJobName=job["name"])
        model = described.get("ModelArtifacts", {}).get("S3ModelArtifacts")
        return {"model": model} if model else {}
    return {}


def _made(records: list[dict[str, Any]], kind: str) -> str | None:
    made = (each["job"]["arn"] for each in records if each["job"] is not None and each["job"]["kind"] == kind)
    return next(made, None)


def _paged(sagemaker: Any, operation: str, member: str, arn: str) -> list[dict[str, Any]]:
    pages = sagemaker.get_paginator(operation).paginate(PipelineExecutionArn=arn)
    return [each for page in pages for each in page[member]]


def _moment(time: datetime | None) -> str | None:
    return None if time is None else time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _seconds(started: datetime | None, ended: datetime | None) -> float | None:
    return None if started is None or ended is None else round((ended - started).total_seconds(), 3)
