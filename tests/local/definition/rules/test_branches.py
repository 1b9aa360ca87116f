from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import (
    compare,
    condition,
    definition,
    found,
    function,
    get,
    json_get,
    loop,
    processing,
    property_file,
)

RULE = "branches"
X = "OutputParameters['x']"


def call(name: str, *others: str, **members: Any) -> Any:
    return function(name, {other: get(f"Steps.{other}.{X}") for other in others}, **members)


CASES = [
    (
        definition(condition(then=[call("A")]), call("B", "A")),
        "Steps[1].Arguments.A.Get (step B)",
        "The step B reads A, which may never run: it stands in IfSteps of Gate. Move B into IfSteps of Gate, or A out",
    ),
    (
        definition(condition(otherwise=[call("A")]), call("B", DependsOn=["A"])),
        "Steps[1].DependsOn[0] (step B)",
        "The step B waits for A, which may never run: it stands in ElseSteps of Gate.",
    ),
    (
        definition(condition(then=[call("A")], otherwise=[call("B", "A")])),
        "Steps[0].Arguments.ElseSteps[0].Arguments.A.Get (step B)",
        "The step B reads A, and only one of the two will run: A stands in the other branch of Gate.",
    ),
    (
        definition(condition(then=[condition("Inner", then=[call("A")]), call("B", "A")])),
        "Steps[0].Arguments.IfSteps[1].Arguments.A.Get (step B)",
        "it stands in IfSteps of Inner.",
    ),
    (
        definition(condition(conditions=[compare("Equals", get(f"Steps.A.{X}"), 1)], then=[call("A")])),
        "Steps[0].Arguments.Conditions[0].LeftValue.Get (step Gate)",
        "The condition Gate reads A, which runs only once the condition is decided. Move A out of IfSteps.",
    ),
    (
        definition(
            condition(then=[processing(PropertyFiles=[property_file()])]),
            function(arguments={"x": json_get("Prepare", "Report", "a")}),
        ),
        "Steps[1].Arguments.x.Std:JsonGet.PropertyFile.Get (step Notify)",
        "The step Notify reads Prepare, which may never run",
    ),
    (
        definition(condition(then=[call("A")]), loop(body=[call("Body", "A")])),
        "Steps[1].Arguments.ForEachBody[0].Arguments.A.Get (step Body)",
        "The step Body reads A, which may never run",
    ),
]
SOUND = [
    definition(call("A"), condition(then=[call("B", "A")], otherwise=[call("C", "A")])),
    definition(condition(then=[call("A"), call("B", "A"), condition("Inner", then=[call("C", "A", "B")])])),
    definition(condition(then=[call("A")]), function("After", DependsOn=["Gate"])),
    definition(condition(then=[call("A"), loop(body=[call("Body", "A")])])),
]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    ((where, message, fix),) = found(RULE, raw)

    assert where == path
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []
