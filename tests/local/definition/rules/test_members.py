from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import definition, fail, found, function, get, parameter, severities, step

RULE = "members"


def without(raw: Any, name: str) -> Any:
    return {key: value for key, value in raw.items() if key != name}


CASES = [
    (
        definition(fail(), Stesp=[]),
        "Stesp",
        "Stesp is not a member that a definition is known to have. Did you mean 'Steps'?",
    ),
    (
        definition({**fail(), "DependOn": ["A"]}),
        "Steps[0].DependOn (step Stop)",
        "DependOn is not a member that a step of type Fail is known to have. Did you mean 'DependsOn'?",
    ),
    (
        definition(parameters=[parameter("P", Default="x")]),
        "Parameters[0].Default",
        "Default is not a member that a parameter is known to have.",
    ),
    (
        definition({**fail(), "FunctionArn": "x"}),
        "Steps[0].FunctionArn (step Stop)",
        "FunctionArn is not a member that a step of type Fail is known to have.",
    ),
    (
        definition(without(function(), "FunctionArn")),
        "Steps[0].FunctionArn (step Notify)",
        "A step of type Lambda needs FunctionArn, as text beside its Arguments. Add FunctionArn.",
    ),
    (definition(step("Wait", "Callback", {})), "Steps[0].SqsQueueUrl (step Wait)", "needs SqsQueueUrl"),
    (definition(step("Check", "ClarifyCheck", {})), "Steps[0].CheckType (step Check)", "needs CheckType"),
    (definition(function(FunctionArn=3)), "Steps[0].FunctionArn (step Notify)", "needs FunctionArn, as text"),
]
SOUND = [
    definition(function(FunctionArn=get("Parameters.F")), MlflowConfig=None),
    definition(step("Check", "QualityCheck", {}, CheckType="DATA_QUALITY", SkipCheck=True)),
    definition({**step("Odd", "Unheard", {}), "Anything": 1}),  # told of as a type
]


def test_what_may_be_newer_than_the_list_is_a_warning_and_a_misspelling_an_error() -> None:
    assert severities(RULE, definition({**fail(), "DependOn": []})) == ["error"]
    assert severities(RULE, definition({**fail(), "Colour": "red"})) == ["warning"]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    ((where, message, fix),) = found(RULE, raw)

    assert where == path
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []
