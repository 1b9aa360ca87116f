from __future__ import annotations

from typing import Any

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


def test_the_gate_reads_a_file_of_an_output_that_there_is(steps: Steps) -> None:
    (file,) = steps["Evaluate"]["PropertyFiles"]
    assert file == {"PropertyFileName": "Gate", "OutputName": "evaluation", "FilePath": "gate.json"}
    outputs = steps["Evaluate"]["Arguments"]["ProcessingOutputConfig"]["Outputs"]
    assert [each["OutputName"] for each in outputs] == ["evaluation"]
