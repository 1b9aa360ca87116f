from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import definition, fail, found, function, processing

RULE = "structure"

CASES = [
    ([], "the definition", "The definition is not a JSON object."),
    ({"Version": "2020-12-01"}, "Steps", "Steps is missing. Add the list of steps."),
    ({"Version": "2020-12-01", "Steps": {}}, "Steps", "Steps must be a list, and is {}."),
    (definition(fail(), Parameters="x"), "Parameters", "Parameters must be a list, and is 'x'."),
    (definition(parameters=[{"Type": "String"}]), "Parameters[0]", "Parameters[0] has no Name."),
    (
        definition(parameters=[{"Name": "A"}, {"Name": "A"}]),
        "Parameters[1]",
        "Parameters[1] repeats the parameter 'A'.",
    ),
    ({**definition(), "Steps": [7]}, "Steps[0]", "Steps[0] must be a step, and is 7."),
    (definition({"Type": "Cleanup"}), "Steps[0].Name", "Name must be the step's name."),
    (definition({"Name": "A"}), "Steps[0].Type (step A)", "Type must be the step's type."),
    (
        definition({"Name": "A", "Type": "Cleanup", "Arguments": 1}),
        "Steps[0].Arguments (step A)",
        "Arguments must be an object, and is 1.",
    ),
    (
        definition(processing(DependsOn=[1])),
        "Steps[0].DependsOn[0] (step Prepare)",
        'DependsOn[0] must name a step, and is 1. Write it as "StepName" or {"Step": "StepName", "Trigger": "Failed"}.',
    ),
    (
        definition(fail("A"), function(DependsOn=[{"Step": "A", "Trigger": "Broken"}])),
        "Steps[1].DependsOn[0].Trigger (step Notify)",
        "Trigger cannot be 'Broken'. Use one of Completed, Failed, Stopped, Any.",
    ),
    (
        definition(processing(PropertyFiles=[{}])),
        "Steps[0].PropertyFiles[0] (step Prepare)",
        "PropertyFiles[0] has no PropertyFileName.",
    ),
    (
        definition(processing(CacheConfig={"Enabled": "yes"})),
        "Steps[0].CacheConfig (step Prepare)",
        "CacheConfig must be an object whose Enabled is true or false.",
    ),
    (
        definition(processing(DisplayName=3)),
        "Steps[0].DisplayName (step Prepare)",
        "DisplayName must be text, and is 3.",
    ),
    (
        definition({"Name": "C", "Type": "Condition", "Arguments": {"IfSteps": {}}}),
        "Steps[0].Arguments.IfSteps (step C)",
        "IfSteps must be a list, and is {}.",
    ),
]
SOUND = [definition(fail()), definition(processing(DependsOn=None, CacheConfig=None, PropertyFiles=None))]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    ((where, message, fix),) = found(RULE, raw)

    assert where == path
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []
