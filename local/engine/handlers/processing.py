"""Processing steps: programs, and the images of AWS that have one of their own which the laptop emulates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.definition.document import Step
from local.engine.handlers.job import JobActivity, JobHandler
from local.engine.progress import EMULATED, Activity
from local.engine.task import StepTask
from local.jobs.checks import CheckRunner, check_of, request
from local.jobs.processing import ProcessingRunner

_RESOURCE = "processing-job"


class ProcessingHandler(JobHandler):
    """Runs a job's program; that of Clarify's and the monitoring images by what stands for it."""

    _checks = CheckRunner()

    def validate(self, step: Step, arguments: Mapping[str, Any]) -> list[str]:
        """Ask the runner that the image needs."""
        check = check_of(arguments)
        return super().validate(step, arguments) if check is None else self._checks.validate(request(arguments, check))

    def start(self, task: StepTask, arguments: Mapping[str, Any]) -> Activity:
        """Start the job."""
        check = check_of(arguments)
        if check is None:
            return super().start(task, arguments)
        return JobActivity(self._checks, task, request(arguments, check), _RESOURCE, how=EMULATED)


HANDLER = ProcessingHandler(
    "Processing",
    ProcessingRunner(),
    _RESOURCE,
    not_keyed=(
        "ExperimentConfig",
        "NetworkConfig",
        "ProcessingJobName",
        "ProcessingOutputConfig.KmsKeyId",
        "ProcessingOutputConfig.Outputs.S3Output.S3Uri",
        "ProcessingOutputConfig.Outputs.S3Output.S3UploadMode",
        "ProcessingResources.ClusterConfig.VolumeKmsKeyId",
        "ProcessingResources.ClusterConfig.VolumeSizeInGB",
        "RoleArn",
        "StoppingCondition",
        "Tags",
    ),
)
