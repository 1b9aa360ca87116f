"""The pipeline's definition as SDK v2 emits it."""

from __future__ import annotations

from typing import Any

from tests.support.pipelines import get

ACCOUNT = "123456789012"
REGISTRY = "246618743249.dkr.ecr.us-west-2.amazonaws.com"
SKLEARN = f"{REGISTRY}/sagemaker-scikit-learn:0.23-1-cpu-py3"
XGBOOST = f"{REGISTRY}/sagemaker-xgboost:1.5-1"
BUCKET = f"sagemaker-us-west-2-{ACCOUNT}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/SageMakerRole"
ROOT = "/opt/ml/processing"
REPORT = f"s3://{BUCKET}/EvaluateAbaloneModel/output/evaluation"


def v2() -> dict[str, Any]:
    """Return the definition; scripts lie at s3://BUCKET/code/."""
    return {
        "Version": "2020-12-01",
        "Metadata": {},
        "Parameters": [
            {"Name": "ProcessingInstanceCount", "Type": "Integer", "DefaultValue": 1},
            {"Name": "TrainingInstanceType", "Type": "String", "DefaultValue": "ml.m5.xlarge"},
            {"Name": "ModelApprovalStatus", "Type": "String", "DefaultValue": "PendingManualApproval"},
            {"Name": "InputDataUrl", "Type": "String", "DefaultValue": f"s3://{BUCKET}/dataset/snails.csv"},
        ],
        "PipelineExperimentConfig": {
            "ExperimentName": get("Execution.PipelineName"),
            "TrialName": get("Execution.PipelineExecutionId"),
        },
        "Steps": [_preprocess(), _train(), _evaluate(), _condition()],
    }


def _preprocess() -> dict[str, Any]:
    outputs = {name: (f"{ROOT}/{name}", f"s3://{BUCKET}/preprocess/output/{name}") for name in _SPLITS}
    step = _processing("PreprocessAbaloneData", SKLEARN, "preprocess.py", {}, outputs)
    step["Arguments"]["AppSpecification"]["ContainerArguments"] = ["--input-data", get("Parameters.InputDataUrl")]
    return step


def _train() -> dict[str, Any]:
    return {
        "Name": "TrainAbaloneModel",
        "Type": "Training",
        "Arguments": {
            "AlgorithmSpecification": {"TrainingInputMode": "File", "TrainingImage": XGBOOST},
            "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/AbaloneTrain"},
            "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
            "ResourceConfig": {
                "VolumeSizeInGB": 30,
                "InstanceCount": 1,
                "InstanceType": get("Parameters.TrainingInstanceType"),
            },
            "RoleArn": ROLE,
            "InputDataConfig": [_channel(name) for name in ("train", "validation")],
            "HyperParameters": {
                "objective": "reg:linear", "num_round": "20", "max_depth": "4", "eta": "0.3", "gamma": "1",
                "min_child_weight": "6", "subsample": "0.7",
            },
            "ProfilerRuleConfigurations": [
                {
                    "RuleConfigurationName": "ProfilerReport-1",
                    "RuleEvaluatorImage": f"{REGISTRY}/sagemaker-debugger-rules:latest",
                    "RuleParameters": {"rule_to_invoke": "ProfilerReport"},
                }
            ],
            "ProfilerConfig": {"S3OutputPath": f"s3://{BUCKET}/AbaloneTrain"},
        },
    }  # fmt: skip


def _evaluate() -> dict[str, Any]:
    inputs = {
        f"{ROOT}/model": get("Steps.TrainAbaloneModel.ModelArtifacts.S3ModelArtifacts"),
        f"{ROOT}/test": _output("test"),
    }
    step = _processing(
        "EvaluateAbaloneModel", XGBOOST, "evaluate.py", inputs, {"evaluation": (f"{ROOT}/evaluation", REPORT)}
    )
    file = {"PropertyFileName": "EvaluationReport", "OutputName": "evaluation", "FilePath": "evaluation.json"}
    return {**step, "PropertyFiles": [file]}


def _condition() -> dict[str, Any]:
    file = get("Steps.EvaluateAbaloneModel.PropertyFiles.EvaluationReport")
    value = {"Std:JsonGet": {"PropertyFile": file, "Path": "regression_metrics.mse.value"}}
    return {
        "Name": "CheckMSEAbaloneEvaluation",
        "Type": "Condition",
        "Arguments": {
            "Conditions": [{"Type": "LessThanOrEqualTo", "LeftValue": value, "RightValue": 6.0}],
            "IfSteps": [_register()],
            "ElseSteps": [],
        },
    }


def _register() -> dict[str, Any]:
    container = {"Image": XGBOOST, "ModelDataUrl": get("Steps.TrainAbaloneModel.ModelArtifacts.S3ModelArtifacts")}
    statistics = {"ContentType": "application/json", "S3Uri": f"{REPORT}/evaluation.json"}
    return {
        "Name": "RegisterAbaloneModel-RegisterModel",
        "Type": "RegisterModel",
        "Arguments": {
            "ModelPackageGroupName": "AbalonePackageGroup",
            "ModelMetrics": {"ModelQuality": {"Statistics": statistics}, "Bias": {}, "Explainability": {}},
            "InferenceSpecification": {
                "Containers": [container],
                "SupportedContentTypes": ["text/csv"],
                "SupportedResponseMIMETypes": ["text/csv"],
                "SupportedRealtimeInferenceInstanceTypes": ["ml.t2.medium", "ml.m5.large"],
                "SupportedTransformInstanceTypes": ["ml.m5.large"],
            },
            "ModelApprovalStatus": get("Parameters.ModelApprovalStatus"),
        },
    }


_SPLITS = ("train", "validation", "test")


def _output(name: str) -> dict[str, str]:
    return get(f"Steps.PreprocessAbaloneData.ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri")


def _channel(name: str) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3Uri": _output(name), "S3DataDistributionType": "FullyReplicated"}
    return {"DataSource": {"S3DataSource": source}, "ContentType": "text/csv", "ChannelName": name}


def _processing(
    name: str, image: str, script: str, inputs: dict[str, Any], outputs: dict[str, tuple[str, str]]
) -> dict[str, Any]:
    entries = [(f"input-{index + 1}", uri, path) for index, (path, uri) in enumerate(inputs.items())]
    entries.append(("code", f"s3://{BUCKET}/code/{script}", f"{ROOT}/input/code"))
    arguments = {
        "ProcessingResources": {
            "ClusterConfig": {
                "InstanceType": "ml.m5.xlarge",
                "InstanceCount": get("Parameters.ProcessingInstanceCount"),
                "VolumeSizeInGB": 30,
            }
        },
        "AppSpecification": {"ImageUri": image, "ContainerEntrypoint": ["python3", f"{ROOT}/input/code/{script}"]},
        "RoleArn": ROLE,
        "ProcessingInputs": [_input(*entry) for entry in entries],
        "ProcessingOutputConfig": {"Outputs": [_target(key, *place) for key, place in outputs.items()]},
    }
    return {"Name": name, "Type": "Processing", "Arguments": arguments}


def _input(name: str, uri: Any, path: str) -> dict[str, Any]:
    more = {"S3DataDistributionType": "FullyReplicated", "S3CompressionType": "None"}
    source = {"S3Uri": uri, "LocalPath": path, "S3DataType": "S3Prefix", "S3InputMode": "File", **more}
    return {"InputName": name, "AppManaged": False, "S3Input": source}


def _target(name: str, path: str, uri: str) -> dict[str, Any]:
    return {
        "OutputName": name,
        "AppManaged": False,
        "S3Output": {"S3Uri": uri, "LocalPath": path, "S3UploadMode": "EndOfJob"},
    }
