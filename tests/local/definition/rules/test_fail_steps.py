from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import definition, fail, found, get, join, step

RULE = "fail-steps"
PLACE = "Steps[0].Arguments.ErrorMessage (step Stop)"

CASES = [
    (definition(step("Stop", "Fail", {})), PLACE, "The step Stop has no ErrorMessage. Say why the execution fails."),
    (definition(fail(message=7)), PLACE, "ErrorMessage must be text, and is 7."),
    (definition(fail(message="m" * 3073)), PLACE, "ErrorMessage has 3073 characters, and must have at most 3072."),
    (definition(fail(message=join("m" * 3080, get("Parameters.P")))), PLACE, "and must have at most 3072."),
]
SOUND = [definition(fail()), definition(fail(message=join("It was ", get("Execution.PipelineName"), on="")))]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    ((where, message, fix),) = found(RULE, raw)

    assert where == path
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []
