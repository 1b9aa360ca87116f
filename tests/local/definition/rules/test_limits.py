from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import definition, fail, found, function, parameter, severities

RULE = "limits"

CASES = [
    (definition(fail(message="m" * 1_048_576)), "the definition", "CreatePipeline takes 1,048,576."),
    (
        definition(fail(), parameters=[parameter(f"P{i}") for i in range(201)]),
        "Parameters",
        "Parameters has 201 entries, and StartPipelineExecution takes 200.",
    ),
    (
        definition(*(function(f"F{i}") for i in range(51))),
        "Steps",
        "The pipeline has 51 steps, and the default quota is believed to be 50.",
    ),
    (
        definition(parameters=[parameter("P", EnumValues=[str(i) for i in range(17)])]),
        "Parameters[0].EnumValues",
        "EnumValues has 17 values",
    ),
]
SOUND = [
    definition(*(function(f"F{i}") for i in range(50))),
    definition(fail(), parameters=[parameter(f"P{i}") for i in range(200)]),
]


def test_numbers_that_aws_does_not_document_are_warnings() -> None:
    assert [severities(RULE, raw) for raw, _, _ in CASES] == [["error"], ["error"], ["warning"], ["warning"]]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    ((where, message, fix),) = found(RULE, raw)

    assert where == path
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []
