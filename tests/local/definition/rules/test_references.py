from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import (
    definition,
    fail,
    found,
    function,
    get,
    join,
    loop,
    parameter,
    processing,
    training,
)

RULE = "references"
SOURCE = "Steps[1].Arguments.InputDataConfig[0].DataSource.S3DataSource.S3Uri"

CASES = [
    (
        definition(processing(), training(source=get("Parameters.Inptu")), parameters=[parameter("Input")]),
        f"{SOURCE}.Get (step Train)",
        "There is no parameter 'Inptu'. Did you mean 'Input'?",
    ),
    (
        definition(processing(), training(source=get("Parameters.Input"))),
        f"{SOURCE}.Get (step Train)",
        "There is no parameter 'Input'. Declare a parameter, or remove this.",
    ),
    (
        definition(processing(), training(source=get("Steps.Prepaer.ProcessingJobName"))),
        f"{SOURCE}.Get (step Train)",
        "There is no step 'Prepaer'. Did you mean 'Prepare'?",
    ),
    (
        definition(fail(message=join("at", get("Execution.PipelineExecutionID")))),
        "Steps[0].Arguments.ErrorMessage.Std:Join.Values[1].Get (step Stop)",
        "There is no execution variable 'PipelineExecutionID'. Did you mean 'PipelineExecutionId'?",
    ),
    (
        definition(fail(message=get("Step.Train.x"))),
        "Steps[0].Arguments.ErrorMessage.Get (step Stop)",
        "'Step.Train.x' is not a reference. Write it as Parameters.NAME",
    ),
    (
        definition(fail(message={"Get": 7})),
        "Steps[0].Arguments.ErrorMessage.Get (step Stop)",
        "'7' is not a reference.",
    ),
    (
        definition(function(FunctionArn=get("Parameters.Function"))),
        "Steps[0].FunctionArn.Get (step Notify)",
        "There is no parameter 'Function'.",
    ),
    (
        definition(function(arguments={"me": get("Steps.Notify.OutputParameters['x']")})),
        "Steps[0].Arguments.me.Get (step Notify)",
        "The step Notify refers to itself.",
    ),
    (
        definition(loop(), function(arguments={"x": get("Steps.Body.OutputParameters['x']")})),
        "Steps[1].Arguments.x.Get (step Notify)",
        "The step Body runs once for each item of Each",
    ),
    (
        definition(fail(), PipelineExperimentConfig={"ExperimentName": get("Parameters.Name")}),
        "PipelineExperimentConfig.ExperimentName.Get",
        "There is no parameter 'Name'.",
    ),
]
SOUND = [
    definition(processing(), training(source=get("Parameters.Input")), parameters=[parameter("Input")]),
    definition(fail(message=get("Execution.PipelineArn"))),
    definition(loop(body=[function("A"), function("B", {"x": get("Steps.A.OutputParameters['x']")})])),
    definition(function(arguments={"Get": "Parameters.X", "Other": 1})),
]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    ((where, message, fix),) = found(RULE, raw)

    assert where == path
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []
