"""A step of an execution as the service describes it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from local.api.sagemaker import members
from local.store.steps import StepRecord

REASON_LIMIT = 1024
MESSAGE_LIMIT = 3072
NOT_STARTED = ("Waiting", "NotExecuted")

# The step's type -> the member of the metadata that says what it made.
METADATA = {
    "Training": "TrainingJob",
    "Processing": "ProcessingJob",
    "Transform": "TransformJob",
    "Tuning": "TuningJob",
    "AutoML": "AutoMLJob",
    "Model": "Model",
    "RegisterModel": "RegisterModel",
    "Endpoint": "Endpoint",
    "EndpointConfig": "EndpointConfig",
}


_CHECK = (
    "BaselineUsedForDriftCheckConstraints",
    "BaselineUsedForDriftCheckStatistics",
    "CalculatedBaselineConstraints",
    "CalculatedBaselineStatistics",
    "CheckJobArn",
    "CheckType",
    "ModelPackageGroupName",
    "RegisterNewBaseline",
    "SkipCheck",
    "ViolationReport",
)
# Step types whose metadata are what references read of them.
FROM_PROPERTIES: dict[str, tuple[str, ...]] = {
    "ClarifyCheck": _CHECK,
    "Cleanup": ("CleanedSteps", "FailedSteps", "SkippedSteps"),
    "ForEach": (
        "FailedStepCount",
        "InputItemCount",
        "Selector",
        "Status",
        "StoppedStepCount",
        "SucceededStepCount",
        "TotalStepCount",
    ),
    "Lineage": ("ActionArns", "ArtifactArns", "Associations", "ContextArns"),
    "QualityCheck": _CHECK,
}


# Step types that give output parameters, each with the members of its metadata by what the step's record has.
ANSWERED = {
    "Callback": {"CallbackToken": "name", "SqsQueueUrl": "url"},
    "Lambda": {"Arn": "arn"},
}


def has_started(record: StepRecord) -> bool:
    """Say whether the service would list the step: one that waits or never ran it leaves out."""
    return record.status not in NOT_STARTED


def words(definition: str) -> dict[str, dict[str, str]]:
    """Return each step's display name and description, where the definition gives them."""
    found: dict[str, dict[str, str]] = {}
    for step in _walk(json.loads(definition).get("Steps", [])):
        named = {"StepDisplayName": step.get("DisplayName"), "StepDescription": step.get("Description")}
        found[str(step.get("Name"))] = {name: text for name, text in named.items() if isinstance(text, str)}
    return found


def loops(definition: str) -> dict[str, str]:
    """Return the name of the ForEach step by the names of its body's steps."""
    found: dict[str, str] = {}
    for step in _walk(json.loads(definition).get("Steps", [])):
        if step.get("Type") == "ForEach":
            found.update({str(child.get("Name")): str(step.get("Name")) for child in step["Arguments"]["ForEachBody"]})
    return found


def _iteration(name: str, parents: Mapping[str, str]) -> dict[str, Any]:
    """Return what a child of a loop says of its iteration; children are named STEP-INDEX."""
    body, _, index = name.rpartition("-")
    context = {"ParentStepName": parents[body], "Index": int(index)} if body in parents and index.isdecimal() else {}
    return {"IterationContext": context} if context else {}


def describe(
    record: StepRecord, texts: Mapping[str, Mapping[str, str]], parents: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the step as ListPipelineExecutionSteps has it."""
    step: dict[str, Any] = {
        "StepName": record.name,
        **texts.get(record.name, {}),
        "StepStatus": record.status,
        "AttemptCount": record.attempt,
        "Metadata": _metadata(record),
        **_iteration(record.name, parents or {}),
    }
    if record.started is not None:
        step["StartTime"] = record.started
    if record.ended is not None:
        step["EndTime"] = record.ended
    if record.status == "Failed" and record.reason:
        step["FailureReason"] = members.fit(record.reason, REASON_LIMIT)
    if record.cache and record.cache.get("result") == "hit" and record.cache.get("source"):
        step["CacheHitResult"] = {"SourcePipelineExecutionArn": record.cache["source"]}
    if record.cache and record.cache.get("result") == "reused" and record.cache.get("source"):
        step["SelectiveExecutionResult"] = {"SourcePipelineExecutionArn": record.cache["source"]}
    return step


def _metadata(record: StepRecord) -> dict[str, Any]:
    if record.type == "Condition":
        return {} if record.outcome is None else {"Condition": {"Outcome": "True" if record.outcome else "False"}}
    if record.type == "Fail":
        return {"Fail": {"ErrorMessage": members.fit(record.reason or "", MESSAGE_LIMIT)}}
    if record.type in FROM_PROPERTIES:
        shown = {name: record.properties[name] for name in FROM_PROPERTIES[record.type] if name in record.properties}
        return {record.type: shown} if shown else {}
    job = record.job or {}
    if record.type in ANSWERED:
        shown = {member: job[name] for member, name in ANSWERED[record.type].items() if name in job}
        return {record.type: {**shown, **_outputs(record)}} if shown else {}
    member = METADATA.get(record.type)
    arn = job.get("arn")
    return {member: {"Arn": arn}} if member and arn else {}


def _outputs(record: StepRecord) -> dict[str, Any]:
    """Return the output parameters as the service lists them: all values are text."""
    given = record.properties.get("OutputParameters") or {}
    listed = [{"Name": name, "Value": _text(value)} for name, value in given.items()]
    return {"OutputParameters": listed} if listed else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _walk(steps: Any) -> Iterator[Mapping[str, Any]]:
    for step in steps if isinstance(steps, list) else ():
        if isinstance(step, dict):
            yield step
            arguments = step.get("Arguments")
            for value in arguments.values() if isinstance(arguments, dict) else ():
                yield from _walk(value)
