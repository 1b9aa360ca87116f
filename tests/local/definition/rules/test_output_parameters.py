from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import definition, found, function, step

RULE = "output-parameters"


def sending(outputs: Any) -> Any:
    return definition(function(OutputParameters=outputs))


CASES = [
    (sending({}), "", "OutputParameters must be a list, and is {}."),
    (sending([{"OutputType": "String"}]), "[0]", "OutputParameters[0] needs an OutputName of its own."),
    (sending([{"OutputName": "a"}, {"OutputName": "a"}]), "[1]", "OutputParameters[1] needs an OutputName of its own."),
    (sending(["a"]), "[0]", 'Write it as {"OutputName": "name", "OutputType": "String"}.'),
    (
        sending([{"OutputName": "a", "OutputType": "Double"}]),
        "[0].OutputType",
        "OutputType of 'a' cannot be 'Double'. Use one of 'String', 'Integer', 'Float', 'Boolean'.",
    ),
    (sending([{"OutputName": str(i)} for i in range(51)]), "", "has 51 output parameters, and a step can send 50."),
]
SOUND = [
    sending(None),
    sending([{"OutputName": "a"}, {"OutputName": "b", "OutputType": "Float"}]),
    definition(step("Wait", "Callback", {}, SqsQueueUrl="https://queue", OutputParameters=[])),
]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    ((where, message, fix),) = found(RULE, raw)

    assert where == f"Steps[0].OutputParameters{path} (step Notify)"
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []
