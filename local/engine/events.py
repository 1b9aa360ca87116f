"""The events of an execution and of its steps, in the service's shape."""

from __future__ import annotations

from typing import Any

from local.engine.context import timestamp
from local.store.executions import Execution
from local.store.names import pipeline_arn
from local.store.steps import StepRecord
from local.store.store import Store

_METADATA = {
    "TrainingJob": "trainingJob",
    "ProcessingJob": "processingJob",
    "HyperParameterTuningJob": "tuningJob",
    "ModelPackage": "registerModel",
}


def execution_changed(store: Store, execution: Execution, before: str, status: str, started: float, now: float) -> None:
    """Record that an execution's status changed."""
    detail: dict[str, Any] = {
        "pipelineArn": pipeline_arn(execution.pipeline),
        "pipelineExecutionArn": execution.arn,
        "pipelineExecutionDisplayName": execution.body.get("PipelineExecutionDisplayName", execution.id),
        "currentPipelineExecutionStatus": status,
        "previousPipelineExecutionStatus": before,
        "executionStartTime": timestamp(started),
    }
    if status not in ("Executing", "Stopping"):
        detail["executionEndTime"] = timestamp(now)
    kind = "SageMaker Model Building Pipeline Execution Status Change"
    store.events.record(kind, detail, [pipeline_arn(execution.pipeline), execution.arn], now=now)


def step_changed(store: Store, execution: Execution, before: StepRecord, after: StepRecord, now: float) -> None:
    """Record that a step's status changed."""
    detail: dict[str, Any] = {
        "stepName": after.name,
        "stepType": after.type,
        "previousStepStatus": before.status,
        "currentStepStatus": after.status,
        "pipelineArn": pipeline_arn(execution.pipeline),
        "pipelineExecutionArn": execution.arn,
        "metadata": {},
    }
    if after.started is not None:
        detail["stepStartTime"] = timestamp(after.started)
    if after.ended is not None:
        detail["stepEndTime"] = timestamp(after.ended)
    if after.status == "Failed" and after.reason:
        detail["failureReason"] = after.reason
    if after.cache is not None and after.cache["result"] == "hit":
        detail["cacheHitResult"] = {"sourcePipelineExecutionArn": after.cache["source"]}
    if after.job is not None and after.job["kind"] in _METADATA:
        detail["metadata"] = {_METADATA[after.job["kind"]]: {"arn": after.job["arn"]}}
    kind = "SageMaker Model Building Pipeline Execution Step Status Change"
    store.events.record(kind, detail, [pipeline_arn(execution.pipeline), execution.arn], now=now)
