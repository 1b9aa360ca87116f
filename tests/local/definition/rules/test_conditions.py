from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import (
    compare,
    condition,
    definition,
    fail,
    found,
    function,
    get,
    join,
    json_get,
    parameter,
    training,
)

RULE = "conditions"
PARAMETERS = [parameter("Text"), parameter("Number", "Float"), parameter("Flag", "Boolean")]


def deciding(*conditions: Any) -> Any:
    return definition(training(), condition(conditions=list(conditions)), parameters=PARAMETERS)


CASES = [
    (deciding(), "", "Conditions must be a list of at least one condition."),
    (deciding({"Type": "Equal"}), "[0].Type", "'Equal' is not a condition that pipelines have. Did you mean 'Equals'?"),
    (deciding({"Type": "And", "Conditions": []}), "[0].Type", "'And' is not a condition that pipelines have."),
    (deciding("x"), "[0].Type", "None is not a condition"),
    (deciding({"Type": "Equals", "LeftValue": 1}), "[0].RightValue", "The condition Equals has no RightValue."),
    (deciding({"Type": "In", "Values": [1]}), "[0].QueryValue", "The condition In has no QueryValue."),
    (
        deciding({"Type": "Or", "Conditions": []}),
        "[0].Conditions",
        "Conditions must be a list of at least one condition.",
    ),
    (
        deciding({"Type": "Not", "Condition": compare("Equals", 1, 1), "Expression": 1}),
        "[0].Expression",
        "Expression is not a member of the condition Not.",
    ),
    (
        deciding({"Type": "Or", "Conditions": [{"Type": "Not", "Condition": compare("Same", 1, 1)}]}),
        "[0].Conditions[0].Condition.Type",
        "'Same' is not a condition",
    ),
    (
        deciding(compare("GreaterThan", 1, "1")),
        "[0]",
        "GreaterThan compares a number with text, which cannot be decided.",
    ),
    (deciding(compare("Equals", get("Parameters.Text"), 1)), "[0]", "Equals compares text with a number"),
    (deciding(compare("Equals", get("Parameters.Flag"), "true")), "[0]", "compares true or false with text"),
    (deciding(compare("LessThan", get("Execution.PipelineName"), 1)), "[0]", "compares text with a number"),
    (deciding(compare("LessThan", join("1"), 1)), "[0]", "compares text with a number"),
    (
        deciding(compare("LessThan", get("Steps.Train.ResourceConfig.InstanceCount"), "1")),
        "[0]",
        "compares a number with text",
    ),
    (
        deciding(compare("GreaterThan", get("Parameters.Flag"), True)),
        "[0]",
        "compares true and false, which have no order.",
    ),
    (
        deciding(compare("GreaterThan", 1, float("nan"))),
        "[0].RightValue",
        "is nan, which nothing can be compared with.",
    ),
    (deciding(compare("Equals", [1], 1)), "[0].LeftValue", "conditions compare single values."),
    (
        deciding(compare("Equals", get("Steps.Train.ModelArtifacts"), "x")),
        "[0].LeftValue",
        "LeftValue holds {'Get': 'Steps.Train.ModelArtifacts'}, and conditions compare single values.",
    ),
    (deciding({"Type": "In", "QueryValue": "a", "Values": ["b", 1]}), "[0]", "In compares text with a number"),
    (deciding({"Type": "In", "QueryValue": "a", "Values": "a"}), "[0].Values", "Values must be a list, and is 'a'."),
]
SOUND = [
    deciding(compare("GreaterThanOrEqualTo", json_get("Train", "F", "a"), get("Parameters.Number"))),
    deciding(compare("Equals", get("Parameters.Flag"), True), compare("LessThan", 1, 1.5)),
    deciding({"Type": "In", "QueryValue": get("Parameters.Text"), "Values": ["a", get("Execution.PipelineName")]}),
    deciding({"Type": "Or", "Conditions": [{"Type": "Not", "Condition": compare("Equals", 1, 2)}]}),
    deciding(compare("Equals", get("Parameters.Unknown"), 1)),
    definition(fail(), function()),
]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    ((where, message, fix),) = found(RULE, raw)

    assert where == f"Steps[1].Arguments.Conditions{path} (step Gate)"
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []


def test_knows_the_arguments_of_a_condition_step() -> None:
    raw = condition()
    raw["Arguments"]["ThenSteps"] = []
    ((path, message, _),) = found(RULE, definition(raw))

    assert (path, message) == (
        "Steps[0].Arguments.ThenSteps (step Gate)",
        "ThenSteps is not an argument of a condition step.",
    )
