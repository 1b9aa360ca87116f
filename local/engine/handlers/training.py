"""Training steps."""

from __future__ import annotations

from local.engine.handlers.job import JobHandler
from local.jobs.training import TrainingRunner

HANDLER = JobHandler(
    "Training",
    TrainingRunner(),
    "training-job",
    not_keyed=(
        # What a cut-off job left there changes how long the next one takes, not what it makes.
        "CheckpointConfig",
        "EnableInterContainerTrafficEncryption",
        "EnableManagedSpotTraining",
        "EnableNetworkIsolation",
        "ExperimentConfig",
        "OutputDataConfig.KmsKeyId",
        "OutputDataConfig.S3OutputPath",
        "ProfilerConfig",
        "ResourceConfig.VolumeKmsKeyId",
        "ResourceConfig.VolumeSizeInGB",
        "RetryStrategy",
        "RoleArn",
        "StoppingCondition",
        "Tags",
        "TrainingJobName",
        "VpcConfig",
    ),
)
