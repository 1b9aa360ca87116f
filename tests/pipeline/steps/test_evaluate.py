from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.pipeline.conftest import Definition, flattened

Steps = dict[str, dict[str, Any]]


def test_it_compares_both_models_on_the_test_rows(steps: Steps) -> None:
    inputs = {each["InputName"]: each["S3Input"] for each in steps["Evaluate"]["Arguments"]["ProcessingInputs"]}
    assert {name: given["S3Uri"]["Get"] for name, given in inputs.items() if name != "code"} == {
        "candidate": "Steps.Train.ModelArtifacts.S3ModelArtifacts",
        "baseline": "Steps.TrainBaseline.ModelArtifacts.S3ModelArtifacts",
        "champion": "Steps.FindChampion.OutputParameters['ModelDataUri']",
        "test": "Steps.Prepare.ProcessingOutputConfig.Outputs['test'].S3Output.S3Uri",
    }
    assert all(given["LocalPath"] == f"/opt/ml/processing/input/{name}" for name, given in inputs.items())


def test_it_is_told_the_metric(steps: Steps) -> None:
    assert steps["Evaluate"]["Arguments"]["AppSpecification"]["ContainerArguments"][1:] == [
        "processing_scripts.evaluate",
        *("--input", "/opt/ml/processing/input", "--output", "/opt/ml/processing/output", "--metric", "auc"),
    ]


def test_it_is_told_the_columns_whose_groups_count(built: Callable[..., Definition]) -> None:
    found = flattened(built(of={"evaluation": {"slices": ["sex", "-age"]}}))
    arguments = found["Evaluate"]["Arguments"]["AppSpecification"]["ContainerArguments"]
    assert arguments[-3:] == ["--slice", "sex", "--slice=-age"]
    written = found["Register"]["Arguments"]["ModelMetrics"]
    folder = {"Get": "Steps.Evaluate.ProcessingOutputConfig.Outputs['evaluation'].S3Output.S3Uri"}
    assert written["Bias"]["PostTrainingReport"]["S3Uri"] == {"Std:Join": {"On": "/", "Values": [folder, "bias.json"]}}
    assert written["Explainability"]["Report"]["S3Uri"]["Std:Join"]["Values"][1] == "explainability.json"


def test_where_nobody_knows_the_kind_yet_no_report_on_bias_is_promised(built: Callable[..., Definition]) -> None:
    unknown = {"kind": "auto", "metric": "accuracy", "evaluation": {"slices": ["sex"]}}
    assert "Bias" not in flattened(built(of=unknown))["Register"]["Arguments"]["ModelMetrics"]


def test_the_gate_reads_a_file_of_an_output_that_there_is(steps: Steps) -> None:
    (file,) = steps["Evaluate"]["PropertyFiles"]
    assert file == {"PropertyFileName": "Gate", "OutputName": "evaluation", "FilePath": "gate.json"}
    outputs = steps["Evaluate"]["Arguments"]["ProcessingOutputConfig"]["Outputs"]
    assert [each["OutputName"] for each in outputs] == ["evaluation"]
