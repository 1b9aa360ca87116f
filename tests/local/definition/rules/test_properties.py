from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import (
    condition,
    definition,
    fail,
    found,
    function,
    get,
    loop,
    parameter,
    processing,
    step,
    training,
)

RULE = "properties"
TUNING = step("Tune", "Tuning", {})


def reading(path: str, *steps: Any) -> Any:
    return definition(*steps, function(arguments={"x": get(path)}))


CASES = [
    (
        reading("Steps.Train.ModelArtifact.S3ModelArtifacts", training()),
        "A step of type Training has no property 'ModelArtifact'. Did you mean 'ModelArtifacts'?",
    ),
    (
        reading("Steps.Train.ModelArtifacts.S3Modelartifacts", training()),
        "ModelArtifacts of a step of type Training has no member 'S3Modelartifacts'. Did you mean 'S3ModelArtifacts'?",
    ),
    (
        reading("Steps.Train.RoleArn.Name", training()),
        "RoleArn of a step of type Training is a single value, and has no 'Name'. Refer to Steps.Train.RoleArn.",
    ),
    (
        reading("Steps.Prepare.ProcessingOutputConfig.Outputs['tarin'].S3Output.S3Uri", processing()),
        "ProcessingOutputConfig.Outputs of the step Prepare has no element named 'tarin'. Did you mean 'train'?",
    ),
    (reading("Steps.Prepare.ProcessingOutputConfig.Outputs['train'].S3Uri", processing()), "has no member 'S3Uri'."),
    (reading("Steps.Prepare.Outputs[", processing()), "'Outputs[' is not a property path"),
    (reading("Steps.Tune.TrainingJobSummaries[0].Name", TUNING), "has no member 'Name'"),
    (
        reading("Steps.Call.OutputParameters['b']", function("Call", OutputParameters=[{"OutputName": "a"}])),
        "The step Call declares no output parameter 'b'. Use one of 'a'.",
    ),
    (reading("Steps.Call.Result", function("Call")), "A step of type Lambda has no property 'Result'."),
    (
        reading("Steps.Gate.Result", condition()),
        "A step of type Condition has no property 'Result'. Use one of 'Outcome'.",
    ),
    (reading("Steps.Sweep.x", step("Sweep", "Cleanup", {})), "A step of type Cleanup has no properties to read."),
    (reading("Steps.Spark.Stat", step("Spark", "EMR", {})), "A step of type EMR has no property 'Stat'."),
]


@pytest.mark.parametrize(("raw", "sentence"), CASES)
def test_finds(raw: Any, sentence: str) -> None:
    ((path, message, fix),) = found(RULE, raw)

    assert path == "Steps[1].Arguments.x.Get (step Notify)"
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize(
    "raw",
    [
        reading("Steps.Train.ModelArtifacts.S3ModelArtifacts", training()),
        reading("Steps.Train.FinalMetricDataList['validation:auc'].Value", training()),
        reading("Steps.Train.HyperParameters['anything']", training()),
        reading("Steps.Train.InputDataConfig[0].DataSource.S3DataSource.S3Uri", training()),
        reading("Steps.Train.InputDataConfig['train'].DataSource.S3DataSource.S3Uri", training()),
        reading("Steps.Prepare.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri", processing()),
        reading("Steps.Tune.TrainingJobSummaries[0].TrainingJobName", TUNING),
        reading("Steps.Tune.BestTrainingJob.TrainingJobName", TUNING),
        reading("Steps.Call.OutputParameters['a']", function("Call", OutputParameters=[{"OutputName": "a"}])),
        reading("Steps.Gate.Outcome", condition()),
        reading("Steps.Each.IterationOutputs[0].Body.OutputParameters['x']", loop()),
        reading("Steps.Each.Selected.ModelArtifacts.S3ModelArtifacts", loop()),
        reading("Steps.Check.CalculatedBaselineConstraints", step("Check", "QualityCheck", {})),
        reading("Steps.Auto.BestCandidateProperties.ModelInsightsJsonReportPath", step("Auto", "AutoML", {})),
        reading("Steps.Auto.BestCandidate.InferenceContainers[0].Image", step("Auto", "AutoML", {})),
        reading("Steps.Any.JobConfigDocument.OutputModelPackageArn", step("Any", "Job", {})),
        reading("Steps.Register.ModelPackageArn", step("Register", "RegisterModel", {})),
        reading("Steps.Spark.Config.Args[0]", step("Spark", "EMR", {})),
        reading("Steps.Less.jobRun.state", step("Less", "EMRServerless", {})),
        reading("Steps.Odd.whatever", step("Odd", "Unheard", {})),
        reading("Parameters.P", fail()) | {"Parameters": [parameter("P")]},
    ],
)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []
