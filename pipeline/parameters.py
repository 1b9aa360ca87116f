"""The parameters that a person sees when starting the pipeline: names that explain themselves, defaults, choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from sagemaker.core.workflow.parameters import ParameterBoolean, ParameterFloat, ParameterInteger, ParameterString

from config.automl import AutoML
from pipeline import names, placeholders

if TYPE_CHECKING:
    from config.environment import Environment
    from config.problem import Problem

#: The service takes more; rows of a table are seldom worth so many.
MOST_TRAINING_HOSTS = 8
APPROVAL_STATUSES = ("PendingManualApproval", "Approved", "Rejected")


class _ChosenInteger(ParameterInteger):  # type: ignore[misc] # the SDK has no types
    """An integer parameter with a list of choices, which the SDK offers for strings alone."""

    def __init__(self, name: str, default_value: int, choices: Sequence[int]) -> None:
        super().__init__(name, default_value)
        self._choices = list(choices)

    def to_request(self) -> dict[str, Any]:
        """Return the parameter as the definition declares it."""
        return {**super().to_request(), "EnumValues": self._choices}


@dataclass(frozen=True)
class Parameters:
    """The pipeline's parameters, in the order in which they are shown."""

    input_data_uri: ParameterString
    data_version: ParameterString
    metric_threshold: ParameterFloat
    champion_tolerance: ParameterFloat
    model_approval_status: ParameterString
    seed: ParameterInteger
    training_instance_type: ParameterString
    training_instance_count: ParameterInteger | None
    deploy_endpoint: ParameterBoolean
    max_tuning_jobs: ParameterInteger | None = None
    max_candidates: ParameterInteger | None = None
    batch_input_uri: ParameterString | None = None
    continue_from_uri: ParameterString | None = None

    def all(self) -> list[Any]:
        """Return every parameter in order."""
        given = [getattr(self, field.name) for field in fields(self)]
        return [each for each in given if each is not None]


def parameters(problem: Problem, environment: Environment) -> Parameters:
    """Return the parameters of a problem's pipeline in an environment."""
    instance_types = list(environment.instances.training)
    automl = problem.automl or AutoML()
    bucket = f"s3://{placeholders.mark(placeholders.DATA_BUCKET)}"
    data = f"{bucket}/{problem.name}"
    return Parameters(
        input_data_uri=ParameterString("InputDataUri", f"{bucket}/{names.input_prefix(problem.name)}"),
        # The service's step cache compares addresses, not bytes: new data at the same address needs a new version.
        data_version=ParameterString("DataVersion", "initial"),
        metric_threshold=ParameterFloat("MetricThreshold", float(problem.threshold)),
        champion_tolerance=ParameterFloat("ChampionTolerance", float(problem.evaluation.tolerance)),
        model_approval_status=ParameterString(
            "ModelApprovalStatus", APPROVAL_STATUSES[0], enum_values=list(APPROVAL_STATUSES)
        ),
        seed=ParameterInteger("Seed", problem.seed),
        training_instance_type=ParameterString("TrainingInstanceType", instance_types[0], enum_values=instance_types),
        training_instance_count=None if problem.model == "auto" else _training_hosts(),
        deploy_endpoint=ParameterBoolean("DeployEndpoint", default_value=problem.deploy.endpoint),
        batch_input_uri=ParameterString("BatchInputUri", f"{data}/batch/") if problem.deploy.batch else None,
        max_tuning_jobs=None if problem.tuning is None else ParameterInteger("MaxTuningJobs", problem.tuning.max_jobs),
        max_candidates=ParameterInteger("MaxCandidates", automl.max_candidates) if problem.model == "auto" else None,
        continue_from_uri=_continue_from(problem.training.continue_from, f"{data}/earlier/model.tar.gz"),
    )


def _continue_from(earlier: str | None, elsewhere: str) -> ParameterString | None:
    """Return the parameter for an earlier model; whoever starts the pipeline looks up what is not an address in S3."""
    if earlier is None:
        return None
    return ParameterString("ContinueFromUri", earlier if earlier.startswith("s3://") else elsewhere)


def _training_hosts() -> ParameterInteger:
    return _ChosenInteger("TrainingInstanceCount", 1, choices=range(1, MOST_TRAINING_HOSTS + 1))
