"""Tune: a search for the hyperparameters of the gradient-boosted trees, each try a training job of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sagemaker.core.workflow.functions import Join
from sagemaker.core.workflow.properties import Properties
from sagemaker.mlops.workflow.steps import Step, StepTypeEnum

from config.hyperparameters import HYPERPARAMETERS
from config.metrics import LOWER_IS_BETTER, ROUND_BY_ROUND
from config.tuning import Range, Tuning, searched
from pipeline import metrics, names, placeholders
from pipeline.placeholders import mark
from pipeline.site import Site
from pipeline.steps.train import script
from pipeline.training import training_step

# What a training job's request and a tuning job's training definition have in common.
_SHARED = (
    "AlgorithmSpecification",
    "EnableInterContainerTrafficEncryption",
    "EnableNetworkIsolation",
    "Environment",
    "InputDataConfig",
    "ResourceConfig",
    "RoleArn",
    "StoppingCondition",
    "VpcConfig",
)
# Rounds of a training under Hyperband where the problem sets none; what XGBoost trains for at most without it.
_MOST_ROUNDS = 2_000
_MOST_RESOURCE = 20_000
_LEAST_ROUNDS = 10


class TuneStep(Step):  # type: ignore[misc] # the SDK has no types
    """A Tuning step around the request of a training step.

    The SDK's own way, ``HyperparameterTuner.tune``, puts what it finds in the training's request together anew, and
    leaves out the environment that script mode needs here.
    """

    def __init__(self, site: Site, display_name: str, description: str) -> None:
        super().__init__(names.TUNE, display_name, description, StepTypeEnum.TUNING)
        self._site = site
        self._properties = Properties(
            step_name=names.TUNE,
            step=self,
            shape_names=[
                "DescribeHyperParameterTuningJobResponse",
                "ListTrainingJobsForHyperParameterTuningJobResponse",
            ],
        )

    @property
    def arguments(self) -> dict[str, Any]:
        """The ``CreateHyperParameterTuningJob`` request."""
        return _request(self._site)

    @property
    def properties(self) -> Properties:
        """What describing the tuning job answers, and its best trainings, for steps that follow."""
        return self._properties

    @property
    def best_model(self) -> Join:
        """The address of the best training's model archive."""
        best = self._properties.TrainingJobSummaries[0].TrainingJobName
        return Join(on="/", values=[_destination(self._site), best, "output/model.tar.gz"])

    def to_request(self) -> dict[str, Any]:
        """Return the step as the definition holds it."""
        return {**super().to_request(), **self._site.cache.config}


def build(site: Site) -> Any:
    """Return the step."""
    return TuneStep(
        site,
        display_name="Tune the candidate",
        description="Trains XGBoost with many settings and keeps the one that is best on the validation rows.",
    )


def _destination(site: Site) -> str:
    """Return where trainings put their models: no execution's folder, since a cached result keeps its address."""
    return f"s3://{mark(placeholders.ARTIFACT_BUCKET)}/{site.pipeline_name}/{names.TUNE}"


def _request(site: Site) -> dict[str, Any]:
    tuning = site.problem.tuning
    assert tuning is not None  # noqa: S101 - the graph has this step for problems that ask for it
    metric = site.problem.metric
    program = script(site)
    lines = {**program.metric_lines, metrics.objective_name(metric): metrics.objective_line(metric)}
    training = training_step(
        site,
        names.TUNE,
        replace(program, metric_lines=lines),
        instance_count=site.parameters.training_instance_count,
        continued=True,
        display_name="",
        description="",
    ).arguments
    return {
        "HyperParameterTuningJobConfig": _config(site, tuning),
        "TrainingJobDefinition": {
            **{name: training[name] for name in _SHARED},
            "StaticHyperParameters": training["HyperParameters"],
            "OutputDataConfig": {**training["OutputDataConfig"], "S3OutputPath": _destination(site)},
        },
        "Tags": site.tags,
    }


def _config(site: Site, tuning: Tuning) -> dict[str, Any]:
    metric, fixed = site.problem.metric, site.problem.training.hyperparameters
    stops = tuning.early_stopping and metric in ROUND_BY_ROUND and tuning.strategy != "Hyperband"
    config: dict[str, Any] = {
        "Strategy": tuning.strategy,
        "HyperParameterTuningJobObjective": {
            "Type": "Minimize" if metric in LOWER_IS_BETTER else "Maximize",
            "MetricName": metrics.objective_name(metric),
        },
        "ResourceLimits": {
            "MaxNumberOfTrainingJobs": site.parameters.max_tuning_jobs,
            "MaxParallelTrainingJobs": tuning.max_parallel_jobs,
        },
        "ParameterRanges": _ranges(searched(site.problem.kind, tuning, fixed)),
        "TrainingJobEarlyStoppingType": "Auto" if stops else "Off",
        "RandomSeed": site.parameters.seed,
    }
    if tuning.strategy == "Hyperband":
        most = min(int(fixed.get("num_round", _MOST_ROUNDS)), _MOST_RESOURCE)
        resource = {"MinResource": min(_LEAST_ROUNDS, most), "MaxResource": most}
        config["StrategyConfig"] = {"HyperbandStrategyConfig": resource}
    return config


def _ranges(given: Mapping[str, Range]) -> dict[str, Any]:
    found: dict[str, list[dict[str, Any]]] = {}
    for name, each in given.items():
        if each.values:
            # Values are JSON, as all hyperparameters in script mode.
            entry = {"Name": name, "Values": [json.dumps(value, ensure_ascii=False) for value in each.values]}
            found.setdefault("CategoricalParameterRanges", []).append(entry)
            continue
        bounds = {"MinValue": f"{each.min}", "MaxValue": f"{each.max}", "ScalingType": each.scaling}
        kind = "Integer" if HYPERPARAMETERS[name].whole else "Continuous"
        found.setdefault(f"{kind}ParameterRanges", []).append({"Name": name, **bounds})
    return found
