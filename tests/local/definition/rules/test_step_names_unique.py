from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import condition, definition, fail, found, function, loop, processing

RULE = "step-names-unique"

CASES = [
    (
        definition(processing(), processing()),
        "Steps[1].Name (step Prepare)",
        "The name 'Prepare' is already that of Steps[0].",
    ),
    (
        definition(fail(), condition(then=[condition("Inner", otherwise=[fail()])])),
        "Steps[1].Arguments.IfSteps[0].Arguments.ElseSteps[0].Name (step Stop)",
        "Step names are unique in a whole pipeline, branches included",
    ),
    (
        definition(function("Body"), loop()),
        "Steps[1].Arguments.ForEachBody[0].Name (step Body)",
        "already that of Steps[0].",
    ),
]
SOUND = [definition(processing("A"), processing("B")), definition(condition(then=[fail("A")], otherwise=[fail("B")]))]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    ((where, message, fix),) = found(RULE, raw)

    assert where == path
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []
