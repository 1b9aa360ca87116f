"""The DescribeTrainingJob response of a job, and the addresses of what it puts out."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from local.jobs.job import DEFAULT_MAX_RUNTIME, Job
from local.jobs.records import taken_over
from local.store.names import arn

_SHOWN = (
    "HyperParameters",
    "AlgorithmSpecification",
    "RoleArn",
    "InputDataConfig",
    "OutputDataConfig",
    "ResourceConfig",
    "VpcConfig",
    "StoppingCondition",
    "EnableNetworkIsolation",
    "EnableInterContainerTrafficEncryption",
    "EnableManagedSpotTraining",
    "CheckpointConfig",
    "ExperimentConfig",
    "TensorBoardOutputConfig",
    "ProfilerConfig",
    "Environment",
    "RetryStrategy",
    # What a tuning job says of its trials.
    "TuningJobArn",
    "TunedHyperParameters",
    "TrainingJobDefinitionName",
    "ObjectiveStatus",
)
_MESSAGES = {
    "Starting": "Preparing the job",
    "Training": "The program is running",
    "Uploading": "Putting the outputs in place",
    "Stopping": "Stopping the job",
}


def model_uri(request: Mapping[str, Any], name: str) -> str:
    """Return where a job's model goes: an archive, or a prefix where it is to stay uncompressed."""
    last = "model/" if request["OutputDataConfig"].get("CompressionType") == "NONE" else "model.tar.gz"
    return f"{request['OutputDataConfig']['S3OutputPath'].rstrip('/')}/{name}/output/{last}"


def output_uri(request: Mapping[str, Any], name: str) -> str:
    """Return where the archive of a job's further output goes."""
    return f"{request['OutputDataConfig']['S3OutputPath'].rstrip('/')}/{name}/output/output.tar.gz"


def describe(job: Job) -> dict[str, Any]:
    """Return the response without its failure reason."""
    status = "InProgress" if job.state.status == "Starting" else job.state.status
    now = time.time()
    transitions = _transitions(job, now)
    body: dict[str, Any] = {
        "TrainingJobName": job.context.name,
        "TrainingJobArn": arn(f"training-job/{job.context.name}"),
        "ModelArtifacts": {"S3ModelArtifacts": model_uri(job.request, job.context.name)},
        "TrainingJobStatus": status,
        "SecondaryStatus": transitions[-1]["Status"],
        "CreationTime": job.created,
        "LastModifiedTime": now,
        "StoppingCondition": {"MaxRuntimeInSeconds": DEFAULT_MAX_RUNTIME},
        "SecondaryStatusTransitions": transitions,
        "EnableNetworkIsolation": False,
        "EnableInterContainerTrafficEncryption": False,
        "EnableManagedSpotTraining": False,
        **taken_over(job.request, _SHOWN),
    }
    if job.started is not None:
        body["TrainingStartTime"] = job.started
        body["FinalMetricDataList"] = [
            {"MetricName": name, "Value": series[-1][1], "Timestamp": job.started + series[-1][0]}
            for name, series in job.metrics.items()
        ]
    if job.state.has_ended:
        body["TrainingEndTime"] = job.ended
        seconds = (job.ended or now) - (job.started or now)
        body["TrainingTimeInSeconds"] = body["BillableTimeInSeconds"] = max(1, round(seconds))
    return body


def _transitions(job: Job, now: float) -> list[dict[str, Any]]:
    stages = [("Starting", job.created)]
    if job.started is not None:
        stages.append(("Training", job.started))
    if job.ended is not None and job.started is not None:
        stages.append(("Uploading", job.ended))
    if job.state.status == "Stopping":
        stages.append(("Stopping", now))
    if job.state.has_ended:
        stages.append((_last_stage(job), now))
    found: list[dict[str, Any]] = []
    for index, (name, start) in enumerate(stages):
        message = _MESSAGES.get(name) or job.state.reason or "The job is complete"
        entry = {"Status": name, "StartTime": start, "StatusMessage": message}
        if index + 1 < len(stages):
            entry["EndTime"] = stages[index + 1][1]
        elif job.state.has_ended:
            entry["EndTime"] = now
        found.append(entry)
    return found


def _last_stage(job: Job) -> str:
    if job.state.status == "Stopped" and job.timed_out:
        return "MaxRuntimeExceeded"
    return job.state.status
