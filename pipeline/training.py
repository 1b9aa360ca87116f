"""What all training steps share: script mode from the code bundle, channels, isolation, encryption."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sagemaker.core.shapes import MetricDefinition, Tag
from sagemaker.mlops.workflow.steps import TrainingStep
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import (
    CheckpointConfig,
    Compute,
    InputData,
    Networking,
    OutputDataConfig,
    StoppingCondition,
)

from pipeline import placeholders
from pipeline.placeholders import mark, mark_address
from pipeline.site import Site

#: What the toolkit in the image needs to install the bundle where there is no package index.
SCRIPT_MODE_ENVIRONMENT = {"PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_INDEX": "1"}

#: How many times as long as it may run a training may wait for spot instances and run.
SPOT_PATIENCE = 2

#: The outputs of Prepare that training reads, which are its channels' names.
CHANNELS = ("train", "validation", "features")


@dataclass(frozen=True)
class Script:
    """A launcher at the root of the code bundle, its hyperparameters, and the lines its metrics are read from."""

    launcher: str
    metric_lines: Mapping[str, str]
    hyperparameters: Mapping[str, float | int | str] = field(default_factory=dict)


def training_step(
    site: Site,
    name: str,
    script: Script,
    *,
    instance_count: Any,
    display_name: str,
    description: str,
    spot: bool = False,
    continued: bool = False,
) -> TrainingStep:
    """Return a step that runs a script of the code bundle in a training job, if need be on `spot` instances.

    A `continued` training has the problem's earlier model, where it names one, as its channel `model`.
    """
    trainer = ModelTrainer(
        sagemaker_session=site.session,
        role=mark(placeholders.TRAINING_ROLE_ARN),
        base_job_name=name,
        training_image=site.image,
        hyperparameters=_hyperparameters(site, script),
        environment=SCRIPT_MODE_ENVIRONMENT,
        compute=_compute(site, instance_count, spot=spot),
        networking=_networking(site),
        stopping_condition=_stopping(site, spot=spot),
        checkpoint_config=_checkpoints(site, name) if spot else None,
        output_data_config=OutputDataConfig(s3_output_path=site.destination(name), kms_key_id=site.key),
        input_data_config=_channels(site, continued=continued),
        tags=[Tag(key=tag["Key"], value=tag["Value"]) for tag in site.tags],
    ).with_metric_definitions(_metric_definitions(script))
    return TrainingStep(
        name,
        step_args=trainer.train(),
        display_name=display_name,
        description=description,
        cache_config=site.cache,
    )


def _hyperparameters(site: Site, script: Script) -> dict[str, Any]:
    """Return hyperparameters as script mode reads them: each value is JSON, a string with its quotes."""
    archive = f"/opt/ml/input/data/code/{mark(placeholders.CODE_FILE)}"
    values = {**script.hyperparameters, "sagemaker_program": script.launcher, "sagemaker_submit_directory": archive}
    written = {key: json.dumps(value, ensure_ascii=False) for key, value in values.items()}
    return {**written, "seed": site.parameters.seed.to_string()}


def _stopping(site: Site, *, spot: bool) -> StoppingCondition:
    wait = {"max_wait_time_in_seconds": SPOT_PATIENCE * site.training_seconds} if spot else {}
    return StoppingCondition(max_runtime_in_seconds=site.training_seconds, **wait)


def _checkpoints(site: Site, name: str) -> CheckpointConfig:
    """Return where checkpoints are kept: for all executions, since the service's cache compares the address.

    The script goes on from nothing but a checkpoint of the very same training.
    """
    bucket = mark(placeholders.ARTIFACT_BUCKET)
    return CheckpointConfig(s3_uri=f"s3://{bucket}/{site.pipeline_name}/checkpoints/{name}")


def _compute(site: Site, instance_count: Any, *, spot: bool) -> Compute:
    return Compute(
        instance_type=site.parameters.training_instance_type,
        instance_count=instance_count,
        volume_size_in_gb=site.environment.volume_gib,
        volume_kms_key_id=site.key,
        **({"enable_managed_spot_training": True} if spot else {}),
    )


def _networking(site: Site) -> Networking:
    return Networking(
        subnets=site.subnets,
        security_group_ids=site.security_groups,
        enable_network_isolation=True,
        enable_inter_container_traffic_encryption=True,
    )


def _channels(site: Site, *, continued: bool) -> list[InputData]:
    addresses = {name: site.prepared(name) for name in CHANNELS}
    addresses["code"] = mark_address(placeholders.CODE_URI)
    if continued and site.parameters.continue_from_uri is not None:
        addresses["model"] = site.parameters.continue_from_uri
    return [InputData(channel_name=name, data_source=address) for name, address in addresses.items()]


def _metric_definitions(script: Script) -> Sequence[MetricDefinition]:
    return [MetricDefinition(name=name, regex=regex) for name, regex in script.metric_lines.items()]
