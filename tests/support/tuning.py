"""Tuning steps whose trials are tiny programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.support.pipelines import IMAGE, ROLE, code_archive

CODE = "s3://work/code/code.tar.gz"
METRIC = "loss"

# Prints the square of the distance from 3, which is least at place = 3.
SQUARE = (
    "import argparse, os, pathlib\n"
    "given = argparse.ArgumentParser()\n"
    "for name in ('--place', '--kind', '--seed', '--epochs', '--rate'): given.add_argument(name, default='0')\n"
    "given = given.parse_args()\n"
    "pathlib.Path(os.environ['SM_MODEL_DIR'], 'model.txt').write_text(given.place)\n"
    "print(f'loss={(float(given.place) - 3) ** 2:.6f}', flush=True)\n"
)


def continuous(name: str, low: object, high: object, scaling: str = "Auto") -> dict[str, Any]:
    return {"Name": name, "MinValue": str(low), "MaxValue": str(high), "ScalingType": scaling}


def categorical(name: str, *values: str) -> dict[str, Any]:
    return {"Name": name, "Values": list(values)}


def ranges(
    *, continuous: Sequence[Any] = (), integer: Sequence[Any] = (), categorical: Sequence[Any] = ()
) -> dict[str, Any]:
    found = {
        "ContinuousParameterRanges": list(continuous),
        "IntegerParameterRanges": list(integer),
        "CategoricalParameterRanges": list(categorical),
    }
    return {name: value for name, value in found.items() if value}


PLACE = ranges(continuous=[continuous("place", -10, 10)])


def trainings(*, static: Mapping[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    """A training definition in script mode."""
    return {
        "AlgorithmSpecification": {
            "TrainingImage": IMAGE,
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": METRIC, "Regex": "loss=([0-9.e+-]+)"}],
        },
        "StaticHyperParameters": {
            "sagemaker_program": '"train.py"',
            "sagemaker_submit_directory": '"/opt/ml/input/data/code/code.tar.gz"',
            **(static or {}),
        },
        "InputDataConfig": [
            {
                "ChannelName": "code",
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": CODE}},
            }
        ],
        "OutputDataConfig": {"S3OutputPath": "s3://work/models"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "RoleArn": ROLE,
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        **members,
    }


def request(
    strategy: str = "Random",
    *,
    most: int | None = 4,
    parallel: int = 2,
    searched: Mapping[str, Any] | None = PLACE,
    training: Mapping[str, Any] | None = None,
    limits: Mapping[str, Any] | None = None,
    members: Mapping[str, Any] | None = None,
    **config: Any,
) -> dict[str, Any]:
    """A CreateHyperParameterTuningJob request; `config` are members of its configuration."""
    bounds = {"MaxParallelTrainingJobs": parallel, **({"MaxNumberOfTrainingJobs": most} if most else {})}
    return {
        "HyperParameterTuningJobConfig": {
            "Strategy": strategy,
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": METRIC},
            "ResourceLimits": {**bounds, **(limits or {})},
            **({"ParameterRanges": searched} if searched is not None else {}),
            "RandomSeed": 7,
            **config,
        },
        "TrainingJobDefinition": training or trainings(),
        **(members or {}),
    }


def tuning(arguments: Mapping[str, Any], name: str = "Tune", **members: Any) -> dict[str, Any]:
    return {"Name": name, "Type": "Tuning", "Arguments": dict(arguments), **members}


def archive(source: str = SQUARE) -> bytes:
    return code_archive(train=source)
