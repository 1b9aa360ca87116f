from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import (
    IMAGE,
    ROLE,
    condition,
    definition,
    found,
    function,
    get,
    join,
    processing,
    step,
    training,
)

RULE = "request-shapes"
S3 = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/k"}}


def without(raw: Any, name: str) -> Any:
    raw["Arguments"].pop(name)
    return raw


def changed(raw: Any, **members: Any) -> Any:
    raw["Arguments"] |= members
    return raw


TRANSFORM = {
    "ModelName": "model",
    "TransformInput": {"DataSource": S3},
    "TransformOutput": {"S3OutputPath": "s3://b/out"},
    "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
}
VARIANT = {"VariantName": "All", "ModelName": "model", "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
CASES = [
    (definition(without(processing(), "RoleArn")), "RoleArn (step Prepare)", "RoleArn is missing. Add RoleArn."),
    (
        definition(without(training(), "OutputDataConfig")),
        "OutputDataConfig (step Train)",
        "OutputDataConfig is missing.",
    ),
    (
        definition(changed(training(), HyperParameters={"eta": 0.3})),
        "HyperParameters.eta (step Train)",
        "eta must be text, and is 0.3. Write it as text.",
    ),
    (
        definition(changed(training(), HyperParametres={})),
        "HyperParametres (step Train)",
        "HyperParametres is not a member of CreateTrainingJobRequest. Did you mean 'HyperParameters'?",
    ),
    (
        definition(changed(training(), TrainingJobName="not a name")),
        "TrainingJobName (step Train)",
        "TrainingJobName is 'not a name', which is not how TrainingJobName is written.",
    ),
    (
        definition(changed(processing(), AppSpecification={"ImageUri": IMAGE, "ContainerArguments": ["x" * 257]})),
        "AppSpecification.ContainerArguments[0] (step Prepare)",
        "ContainerArguments[0] has 257 characters, and must have at most 256.",
    ),
    (
        definition(changed(processing(), Environment={f"K{i}": "" for i in range(132)})),
        "Environment (step Prepare)",
        "Environment has 132 entries, and must have at most 100.",
    ),
    (
        definition(
            step("Tune", "Tuning", {"HyperParameterTuningJobConfig": {"Strategy": "Lucky", "ResourceLimits": {}}})
        ),
        "HyperParameterTuningJobConfig.Strategy (step Tune)",
        "Strategy cannot be 'Lucky'. Use one of 'Bayesian'",
    ),
    (
        definition(step("Batch", "Transform", {**TRANSFORM, "BatchStrategy": "Many"})),
        "BatchStrategy (step Batch)",
        "BatchStrategy cannot be 'Many'.",
    ),
    (
        definition(step("Create", "Model", {"ExecutionRoleArn": ROLE, "PrimaryContainer": {"Imag": IMAGE}})),
        "PrimaryContainer.Imag (step Create)",
        "Did you mean 'Image'?",
    ),
    (
        definition(step("Register", "RegisterModel", {"ModelApprovalStatus": "Maybe"})),
        "ModelApprovalStatus (step Register)",
        "ModelApprovalStatus cannot be 'Maybe'.",
    ),
    (
        definition(step("Config", "EndpointConfig", {"ProductionVariants": []})),
        "ProductionVariants (step Config)",
        "ProductionVariants has 0 members, and must have at least 1.",
    ),
    (
        definition(step("Serve", "Endpoint", {"EndpointName": "e"})),
        "EndpointConfigName (step Serve)",
        "EndpointConfigName is missing.",
    ),
    (
        definition(step("Part", "InferenceComponent", {"VariantName": "All"})),
        "EndpointName (step Part)",
        "EndpointName is missing.",
    ),
    (
        definition(step("Auto", "AutoML", {"OutputDataConfig": {"S3OutputPath": "s3://b"}, "RoleArn": ROLE})),
        "InputDataConfig (step Auto)",
        "InputDataConfig is missing.",
    ),
    (
        definition(
            {
                **step("Check", "QualityCheck", without(processing(), "RoleArn")["Arguments"]),
                "CheckType": "DATA_QUALITY",
            }
        ),
        "RoleArn (step Check)",
        "RoleArn is missing.",
    ),
    (
        definition(step("Spark", "EMR", {"StepConfig": {"HadoopJarStep": {"Jar": 1}}})),
        "StepConfig.HadoopJarStep.Jar (step Spark)",
        "Jar must be text, and is 1.",
    ),
    (
        definition(step("Spark", "EMR", {"ClusterID": "j-1"})),
        "ClusterID (step Spark)",
        "ClusterID is not an argument of a step of type EMR. Did you mean 'ClusterId'?",
    ),
    (
        definition(step("Trace", "Lineage", {"Actions": [{"ActionName": "a", "ActionType": "t"}]})),
        "Actions[0].Source (step Trace)",
        "Source is missing.",
    ),
    (
        definition(
            changed(training(), OutputDataConfig={"S3OutputPath": join("bucket", get("Execution.PipelineName"))})
        ),
        "OutputDataConfig.S3OutputPath (step Train)",
        "S3OutputPath is 'bucket/…', which is not how S3Uri is written.",
    ),
]
SOUND = [
    definition(processing(), training()),
    definition(changed(training(), TrainingJobName="a-name", Tags=None)),
    definition(step("Batch", "Transform", TRANSFORM)),
    definition(step("Create", "Model", {"ExecutionRoleArn": ROLE, "PrimaryContainer": {"Image": IMAGE}})),
    definition(step("Register", "RegisterModel", {"ModelPackageGroupName": "group"})),
    definition(step("Config", "EndpointConfig", {"ProductionVariants": [VARIANT]})),
    definition(step("Serve", "Endpoint", {"EndpointConfigName": get("Steps.Config.EndpointConfigName")})),
    definition(step("Spark", "EMR", {"ClusterId": "j-1", "StepConfig": {"HadoopJarStep": {"Jar": "s3://b/j"}}})),
    definition(function(arguments={"anything": [1, {"at": "all"}]})),
]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    everything = {where: f"{message} {fix}" for where, message, fix in found(RULE, raw)}

    assert sentence in everything[f"Steps[0].Arguments.{path}"]


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []


def test_looks_into_branches() -> None:
    ((path, _, _),) = found(RULE, definition(condition(otherwise=[without(training(), "RoleArn")])))

    assert path == "Steps[0].Arguments.ElseSteps[0].Arguments.RoleArn (step Train)"
