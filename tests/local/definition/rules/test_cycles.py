from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import condition, definition, found, function, get, loop, processing

RULE = "cycles"


def call(name: str, *others: str) -> Any:
    return function(name, {other: get(f"Steps.{other}.OutputParameters['x']") for other in others})


CASES = [
    (definition(call("A", "B"), call("B", "A")), "Steps[0].Name (step A)", "wait for one another: A → B → A."),
    (
        definition(call("A", "C"), function("B", DependsOn=["A"]), call("C", "B")),
        "Steps[0].Name (step A)",
        "These steps wait for one another: A → C → B → A. Remove one of the dependencies between them.",
    ),
    (
        # What waits for the condition decides it.
        definition(
            condition(
                conditions=[{"Type": "Equals", "LeftValue": get("Steps.A.OutputParameters['x']"), "RightValue": 1}]
            ),
            function("A", DependsOn=["Gate"]),
        ),
        "Steps[0].Name (step Gate)",
        "Gate → A → Gate",
    ),
    (
        definition(loop(body=[call("Body", "A")]), call("A", "Each")),
        "Steps[0].Name (step Each)",
        "Each → A → Each",
    ),
    (
        definition(*(call(f"S{i}", f"S{(i + 1) % 40}") for i in range(40))),
        "Steps[0].Name (step S0)",
        "S0 → S1 → S2 → S3 → S4 → S5 → … → S36 → S37 → S38 → S39 → S0.",
    ),
]
SOUND = [
    definition(processing(), call("A"), call("B", "A"), call("C", "A", "B")),
    definition(call("A", "A")),  # told of as a reference
    definition(condition(then=[call("A")])),
]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    ((where, message, fix),) = found(RULE, raw)

    assert where == path
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []
