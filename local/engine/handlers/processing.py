"""Processing steps."""

from __future__ import annotations

from local.engine.handlers.job import JobHandler
from local.jobs.processing import ProcessingRunner

HANDLER = JobHandler(
    "Processing",
    ProcessingRunner(),
    "processing-job",
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
