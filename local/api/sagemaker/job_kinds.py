"""What differs between the kinds of job: names of members, summaries, and the service's words for a job it has not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.api.sagemaker import members


@dataclass(frozen=True)
class JobKind:
    """One kind of job; `noun` is the service's, and the kind of resource that it is stored as."""

    noun: str
    words: str
    summary: tuple[str, ...]
    missing: Callable[[str], str]
    # Not always what the service's model says: so the service answers.
    missing_code: str = "ValidationException"
    # Members of the summary that stand deeper in the description.
    deeper: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def name(self) -> str:
        """The member that holds a job's name."""
        return f"{self.noun}Name"

    @property
    def status(self) -> str:
        """The member that holds a job's status."""
        return f"{self.noun}Status"

    def summarise(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return a job as lists have it."""
        found = members.pick(body, self.summary)
        for name, path in self.deeper:
            value: Any = body
            for part in path:
                value = value.get(part) if isinstance(value, Mapping) else None
            if value is not None:
                found[name] = value
        return found


def _not_found(name: str) -> str:
    return f"Could not find requested job with name: {name}"


PROCESSING = JobKind(
    "ProcessingJob",
    "processing job",
    (
        "ProcessingJobName",
        "ProcessingJobArn",
        "CreationTime",
        "ProcessingEndTime",
        "LastModifiedTime",
        "ProcessingJobStatus",
        "FailureReason",
        "ExitMessage",
    ),
    _not_found,
)
TRAINING = JobKind(
    "TrainingJob",
    "training job",
    (
        "TrainingJobName",
        "TrainingJobArn",
        "CreationTime",
        "TrainingEndTime",
        "LastModifiedTime",
        "TrainingJobStatus",
        "SecondaryStatus",
    ),
    lambda _: "Requested resource not found.",
)
TRANSFORM = JobKind(
    "TransformJob",
    "transform job",
    (
        "TransformJobName",
        "TransformJobArn",
        "CreationTime",
        "TransformEndTime",
        "LastModifiedTime",
        "TransformJobStatus",
        "FailureReason",
    ),
    _not_found,
)
TUNING = JobKind(
    "HyperParameterTuningJob",
    "tuning job",
    (
        "HyperParameterTuningJobName",
        "HyperParameterTuningJobArn",
        "HyperParameterTuningJobStatus",
        "CreationTime",
        "HyperParameterTuningEndTime",
        "LastModifiedTime",
        "TrainingJobStatusCounters",
        "ObjectiveStatusCounters",
    ),
    lambda name: f"Amazon SageMaker can't find a tuning job with the name {name}.",
    missing_code="ResourceNotFound",
    deeper=(
        ("Strategy", ("HyperParameterTuningJobConfig", "Strategy")),
        ("ResourceLimits", ("HyperParameterTuningJobConfig", "ResourceLimits")),
    ),
)
AUTO_ML = JobKind(
    "AutoMLJob",
    "AutoML job",
    (
        "AutoMLJobName",
        "AutoMLJobArn",
        "AutoMLJobStatus",
        "AutoMLJobSecondaryStatus",
        "CreationTime",
        "EndTime",
        "LastModifiedTime",
        "FailureReason",
    ),
    _not_found,
    missing_code="ResourceNotFound",
)
KINDS = (PROCESSING, TRAINING, TRANSFORM, TUNING, AUTO_ML)
