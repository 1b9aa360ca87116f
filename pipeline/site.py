"""What every step is built from: the problem, the environment, the parameters, and the steps built so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.functions import Join
from sagemaker.mlops.workflow.steps import CacheConfig

from config import instance_types
from pipeline import names, placeholders
from pipeline.placeholders import mark

if TYPE_CHECKING:
    from config.environment import Environment
    from config.problem import Problem
    from pipeline.parameters import Parameters


#: The rows as AutoML and its models take them: what is written beside the features where a problem asks for AutoML.
RAW = ("raw_train", "raw_validation", "raw_test")

#: The outputs of each step that prepares the data, for steps that follow.
PREPARED = {
    names.PREPARE: ("train", "validation", "test", "features", "profile"),
    names.MERGE_FITS: ("features", "profile", "plan"),
    names.TRANSFORM_SHARDS: ("train", "validation", "test"),
}


@dataclass(frozen=True)
class Site:
    """Where a pipeline is being built, and what stands there already.

    ``session`` and the values of ``steps`` are the SDK's, which has no types.
    """

    problem: Problem
    environment: Environment
    parameters: Parameters
    session: Any
    image: str
    steps: dict[str, Any] = field(default_factory=dict)

    @property
    def automl(self) -> bool:
        """Whether the choice of the model is left to AutoML."""
        return self.problem.model == "auto"

    @property
    def pipeline_name(self) -> str:
        """The pipeline's name, and its model package group's."""
        return names.pipeline_name(self.problem.name)

    @property
    def key(self) -> str:
        """The key that encrypts everything written."""
        return mark(placeholders.ARTIFACT_KEY_ARN)

    @property
    def serving_image(self) -> str:
        """The image that serves archives of ours: AWS's, or our own in the environment's account."""
        own = self.problem.deploy.container
        # Registries are called alike but for the account that they begin with.
        registry = self.image.partition("/")[0].partition(".")[2]
        return self.image if own is None else f"{self.environment.account}.{registry}/{own}"

    @property
    def security_groups(self) -> list[str]:
        """The security group of every job."""
        return [mark(placeholders.JOB_SECURITY_GROUP)]

    @property
    def subnets(self) -> list[str]:
        """The private subnets that jobs run in."""
        return [mark(name) for name in placeholders.subnets(self.environment.network.subnet_count)]

    @property
    def tags(self) -> list[dict[str, str]]:
        """Whom a job's costs belong to."""
        return [
            {"Key": "sageline:problem", "Value": self.problem.name},
            {"Key": "sageline:environment", "Value": self.environment.name},
        ]

    def volume_key(self, member: str) -> dict[str, str]:
        """Return the key of the disks beside a model, under the request's name for it.

        Instances with disks of their own take none: those are encrypted by the hardware.
        """
        local = instance_types.has_local_storage(self.environment.instances.inference)
        return {} if local else {member: self.key}

    @property
    def cache(self) -> CacheConfig:
        """How long a step's result may be used again."""
        days = self.environment.cache_days
        return CacheConfig(enable_caching=True, expire_after=f"P{days}D") if days else CacheConfig(enable_caching=False)

    @property
    def training_seconds(self) -> int:
        """How long one training job may take."""
        most: int = self.environment.max_runtime_minutes
        return 60 * min(self.problem.training.max_runtime_minutes or most, most)

    def destination(self, *parts: str) -> Join:
        """Return the address under which this execution writes ``parts``."""
        start = f"s3://{mark(placeholders.ARTIFACT_BUCKET)}/{self.pipeline_name}"
        return Join(on="/", values=[start, ExecutionVariables.PIPELINE_EXECUTION_ID, *parts])

    def output(self, step: str, name: str) -> Any:
        """Return the address of a processing step's output."""
        return self.steps[step].properties.ProcessingOutputConfig.Outputs[name].S3Output.S3Uri

    def outputs_of(self, step: str) -> tuple[str, ...]:
        """Return the outputs of a step that prepares the data."""
        splits = step in (names.PREPARE, names.TRANSFORM_SHARDS)
        return (*PREPARED.get(step, ()), *(RAW if self.automl and splits else ()))

    def prepared(self, name: str) -> Any:
        """Return the address of one of the things that preparing the data gives, in one step or in shards."""
        holders = (names.PREPARE, names.TRANSFORM_SHARDS, names.MERGE_FITS)
        for step in holders:
            if name in self.outputs_of(step) and step in self.steps:
                return self.output(step, name)
        message = f"No step before this one gives {name}."
        raise LookupError(message)

    def model_archive(self, step: str) -> Any:
        """Return the address of a training step's model archive."""
        return self.steps[step].properties.ModelArtifacts.S3ModelArtifacts
