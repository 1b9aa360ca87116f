"""Small definitions for the tests: each valid as it stands, to be spoilt in one place."""

from __future__ import annotations

from typing import Any

from local.definition.validate import validate

Json = dict[str, Any]

ROLE = "arn:aws:iam::111122223333:role/Jobs"
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/image:1"


def definition(*steps: Json, parameters: list[Json] | None = None, **members: Any) -> Json:
    return {"Version": "2020-12-01", "Metadata": {}, "Parameters": parameters or [], "Steps": list(steps), **members}


def step(name: str, kind: str, arguments: Json, **members: Any) -> Json:
    return {"Name": name, "Type": kind, "Arguments": arguments, **members}


def processing(name: str = "Prepare", outputs: tuple[str, ...] = ("train",), **members: Any) -> Json:
    arguments: Json = {
        "ProcessingResources": {
            "ClusterConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
        },
        "AppSpecification": {"ImageUri": IMAGE, "ContainerArguments": ["--seed", "7"]},
        "RoleArn": ROLE,
        "ProcessingOutputConfig": {
            "Outputs": [
                {
                    "OutputName": output,
                    "S3Output": {
                        "S3Uri": f"s3://bucket/{name}/{output}",
                        "LocalPath": f"/opt/ml/processing/output/{output}",
                        "S3UploadMode": "EndOfJob",
                    },
                }
                for output in outputs
            ]
        },
    }
    return step(name, "Processing", arguments, **members)


def training(name: str = "Train", source: Any = "s3://bucket/train", **members: Any) -> Json:
    arguments: Json = {
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "HyperParameters": {"eta": "0.3"},
        "InputDataConfig": [
            {"ChannelName": "train", "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": source}}}
        ],
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "RoleArn": ROLE,
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/models"},
    }
    return step(name, "Training", arguments, **members)


def function(name: str = "Notify", arguments: Json | None = None, **members: Any) -> Json:
    arn = "arn:aws:lambda:eu-west-1:111122223333:function:notify"
    return {**step(name, "Lambda", arguments or {}), "FunctionArn": arn, "OutputParameters": [], **members}


def fail(name: str = "Stop", message: Any = "No.") -> Json:
    return step(name, "Fail", {"ErrorMessage": message})


def condition(
    name: str = "Gate",
    conditions: list[Any] | None = None,
    then: list[Json] | None = None,
    otherwise: list[Json] | None = None,
    **members: Any,
) -> Json:
    decided = conditions if conditions is not None else [compare("Equals", 1, 1)]
    return step(
        name, "Condition", {"Conditions": decided, "IfSteps": then or [], "ElseSteps": otherwise or []}, **members
    )


def compare(kind: str, left: Any, right: Any) -> Json:
    return {"Type": kind, "LeftValue": left, "RightValue": right}


def loop(name: str = "Each", body: list[Json] | None = None, **arguments: Any) -> Json:
    return step(
        name,
        "ForEach",
        {"IterableItems": ["a", "b"], "MaxConcurrency": 2, "ForEachBody": body or [function("Body")], **arguments},
    )


def parameter(name: str, kind: str = "String", **members: Any) -> Json:
    return {"Name": name, "Type": kind, **members}


def get(text: str) -> Json:
    return {"Get": text}


def join(*values: Any, on: str = "/") -> Json:
    return {"Std:Join": {"On": on, "Values": list(values)}}


def json_get(step_name: str, file: str, path: str) -> Json:
    return {"Std:JsonGet": {"PropertyFile": get(f"Steps.{step_name}.PropertyFiles.{file}"), "Path": path}}


def property_file(name: str = "Report", output: str = "train", path: str = "report.json") -> Json:
    return {"PropertyFileName": name, "OutputName": output, "FilePath": path}


def found(rule: str, raw: Any, text_size: int | None = None) -> list[tuple[str, str, str]]:
    """The path, message and fix of each finding of one rule."""
    return [(each.path, each.message, each.fix) for each in validate(raw, text_size) if each.rule == rule]


def severities(rule: str, raw: Any) -> list[str]:
    return [each.severity for each in validate(raw) if each.rule == rule]
