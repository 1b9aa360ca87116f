from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import definition, fail, found, loop, step

RULE = "step-types"

CASES = [
    (
        definition(step("A", "Procesing", {})),
        "Steps[0].Type (step A)",
        "'Procesing' is not a type of step that SageMaker has. Did you mean 'Processing'?",
    ),
    (definition(step("A", "Compilation", {})), "Steps[0].Type (step A)", "'Compilation' is not a type of step"),
    (
        definition(loop(body=[step("A", "Cook", {})])),
        "Steps[0].Arguments.ForEachBody[0].Type (step A)",
        "'Cook' is not a type",
    ),
]
SOUND = [definition(fail())]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    ((where, message, fix),) = found(RULE, raw)

    assert where == path
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []
