"""Small pipelines of real processes, built by hand, and engines that run them."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from local.store.executions import Execution, new_execution
from local.store.home import Home
from local.store.names import ARTIFACT_BUCKET, execution_arn
from local.store.steps import StepRecord
from local.store.store import Store
from tests.support.engines import Engine, start
from tests.support.patience import looks

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
BUCKET = "work"
PIPELINE = "sageline-small"
IMAGE = "492215442770.dkr.ecr.eu-central-1.amazonaws.com/sagemaker-xgboost:3.2-0"
ROLE = "arn:aws:iam::000000000000:role/jobs"
CACHED = {"Enabled": True, "ExpireAfter": "P30D"}


def get(path: str) -> dict[str, str]:
    return {"Get": path}


def join(*values: Any, on: str = "") -> dict[str, Any]:
    return {"Std:Join": {"On": on, "Values": list(values)}}


def output_uri(step: str, name: str) -> dict[str, Any]:
    return join("s3://work/runs", get("Execution.PipelineExecutionId"), step, name, on="/")


def output_of(step: str, name: str) -> dict[str, str]:
    return get(f"Steps.{step}.ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri")


def processing(
    name: str,
    code: str,
    *words: Any,
    inputs: Mapping[str, Any] | None = None,
    outputs: tuple[str, ...] = (),
    **members: Any,
) -> dict[str, Any]:
    """A processing step that runs a line of Python; inputs and outputs lie below /opt/ml/processing."""
    request: dict[str, Any] = {
        "AppSpecification": {
            "ImageUri": IMAGE,
            "ContainerEntrypoint": ["python3", "-c", code],
            **({"ContainerArguments": list(words)} if words else {}),
        },
        "ProcessingResources": {
            "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}
        },
        "RoleArn": ROLE,
        "ProcessingInputs": [
            {
                "InputName": key,
                "S3Input": {
                    "S3Uri": uri,
                    "LocalPath": f"/opt/ml/processing/input/{key}",
                    "S3DataType": "S3Prefix",
                    "S3InputMode": "File",
                },
            }
            for key, uri in (inputs or {}).items()
        ],
        "ProcessingOutputConfig": {
            "Outputs": [
                {
                    "OutputName": key,
                    "S3Output": {
                        "S3Uri": output_uri(name, key),
                        "LocalPath": f"/opt/ml/processing/output/{key}",
                        "S3UploadMode": "EndOfJob",
                    },
                }
                for key in outputs
            ]
        },
        **members.pop("request", {}),
    }
    return {"Name": name, "Type": "Processing", "Arguments": request, **members}


def training(
    name: str,
    *,
    channels: Mapping[str, Any],
    hyperparameters: Mapping[str, Any] | None = None,
    metrics: Mapping[str, str] | None = None,
    **members: Any,
) -> dict[str, Any]:
    """A training step in script mode; channel `code` holds code.tar.gz with train.py."""
    request: dict[str, Any] = {
        "AlgorithmSpecification": {
            "TrainingImage": IMAGE,
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": key, "Regex": regex} for key, regex in (metrics or {}).items()],
        },
        "HyperParameters": {
            "sagemaker_program": '"train.py"',
            "sagemaker_submit_directory": '"/opt/ml/input/data/code/code.tar.gz"',
            **(hyperparameters or {}),
        },
        "InputDataConfig": [
            {
                "ChannelName": key,
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}},
                "InputMode": "File",
            }
            for key, uri in channels.items()
        ],
        "OutputDataConfig": {"S3OutputPath": join("s3://work/models", get("Execution.PipelineExecutionId"), on="/")},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "RoleArn": ROLE,
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        **members.pop("request", {}),
    }
    return {"Name": name, "Type": "Training", "Arguments": request, **members}


def condition(
    name: str, test: Mapping[str, Any], then: list[Any], otherwise: list[Any], **members: Any
) -> dict[str, Any]:
    arguments = {"Conditions": [test], "IfSteps": then, "ElseSteps": otherwise}
    return {"Name": name, "Type": "Condition", "Arguments": arguments, **members}


def fail(name: str, message: Any) -> dict[str, Any]:
    return {"Name": name, "Type": "Fail", "Arguments": {"ErrorMessage": message}}


def definition(*steps: Mapping[str, Any], **parameters: Any) -> dict[str, Any]:
    """A definition whose parameters have the types of the defaults given."""
    types = {str: "String", int: "Integer", float: "Float", bool: "Boolean"}
    return {
        "Version": "2020-12-01",
        "Parameters": [
            {"Name": name, "Type": types[type(value)], "DefaultValue": value} for name, value in parameters.items()
        ],
        "Steps": list(steps),
    }


def code_archive(**files: str) -> bytes:
    """A tar.gz of Python modules, given as name and source."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, source in files.items():
            member = tarfile.TarInfo(f"{name}.py")
            member.size = len(source.encode())
            archive.addfile(member, io.BytesIO(source.encode()))
    return packed.getvalue()


@dataclass(frozen=True)
class Lab:
    """A home of its own with engines as real processes."""

    store: Store
    engines: list[Engine | subprocess.Popen[bytes]] = field(default_factory=list)

    @classmethod
    def at(cls, folder: Path) -> Lab:
        return cls(Store(Home(folder / "home")))

    def put(self, key: str, content: bytes | str) -> str:
        self.store.objects.put(BUCKET, key, content if isinstance(content, bytes) else content.encode())
        return f"s3://{BUCKET}/{key}"

    def create(self, raw: Mapping[str, Any], execution_id: str = "first0000000", **more: Any) -> Execution:
        """Record an execution as the API would; `parameters` and `body` may be given."""
        return self.store.executions.create(
            new_execution(
                arn=execution_arn(PIPELINE, execution_id),
                execution_id=execution_id,
                pipeline=PIPELINE,
                token=execution_id,
                definition=json.dumps(raw),
                parameters=more.get("parameters", {}),
                body=more.get("body", {}),
                now=time.time(),
            )
        )

    def engine(self, arn: str) -> Engine | subprocess.Popen[bytes]:
        """Start an engine."""
        log = self.store.home.execution(arn.rpartition("/")[2]) / "engine.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        process = start(self.store.home.root, arn, log)
        self.engines.append(process)
        return process

    def end_engines(self) -> None:
        """End what a failed test has left behind: an engine that waits for an answer would wait for days."""
        for process in self.engines:
            if process.poll() is None:
                process.kill()
                process.wait(timeout=30)

    def run(self, raw: Mapping[str, Any], execution_id: str = "first0000000", **more: Any) -> Ended:
        """Record an execution and run it to its end."""
        execution = self.create(raw, execution_id, **more)
        self.engine(execution.arn).wait(timeout=60)
        return self.ended(execution.arn)

    def resume(self, arn: str) -> Ended:
        assert self.store.executions.reopen(arn, time.time())
        self.engine(arn).wait(timeout=60)
        return self.ended(arn)

    def ended(self, arn: str) -> Ended:
        execution = self.store.executions.get(arn)
        assert execution is not None
        return Ended(self, execution, {record.name: record for record in self.store.steps.of(arn)})

    def await_step(self, arn: str, step: str, status: str = "Executing") -> StepRecord:
        return await_value(lambda: self._in_status(arn, step, status), f"step {step} to be {status}")

    def _in_status(self, arn: str, step: str, status: str) -> StepRecord | None:
        record = self.store.steps.get(arn, step)
        return record if record is not None and record.status == status else None


@dataclass(frozen=True)
class Ended:
    """An execution as its records hold it after its engine has gone."""

    lab: Lab
    execution: Execution
    steps: dict[str, StepRecord]

    @property
    def statuses(self) -> dict[str, str]:
        return {name: record.status for name, record in self.steps.items()}

    @property
    def summary(self) -> Any:
        """execution.json."""
        key = f"{self.execution.pipeline}/{self.execution.id}/execution.json"
        with self.lab.store.objects.open(ARTIFACT_BUCKET, key) as handle:
            return json.load(handle)

    def log(self, step: str) -> str:
        return self.lab.store.home.step_log(self.execution.id, step).read_text(encoding="utf-8")

    def read(self, step: str, output: str, name: str) -> str:
        """The text of a file in one of a step's outputs."""
        bucket, _, key = self.steps[step].outputs[output].removeprefix("s3://").partition("/")
        with self.lab.store.objects.open(bucket, f"{key}/{name}") as handle:
            return handle.read().decode()


def await_value(look: Callable[[], T | None], what: str, seconds: float = 20.0) -> T:
    """Wait until a look gives something true."""
    for _ in looks(seconds):
        found = look()
        if found:
            return found
    message = f"waited {seconds:g} s in vain for {what}"
    raise AssertionError(message)
