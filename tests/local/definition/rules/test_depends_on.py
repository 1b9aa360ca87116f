from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import condition, definition, fail, found, function, processing

RULE = "depends-on"

CASES = [
    (
        definition(processing(), function(DependsOn=["Prepaer"])),
        "Steps[1].DependsOn[0] (step Notify)",
        "DependsOn names 'Prepaer', and there is no such step. Did you mean 'Prepare'?",
    ),
    (
        definition(processing(), function(DependsOn=["Prepare", {"Step": "Gone", "Trigger": "Any"}])),
        "Steps[1].DependsOn[1] (step Notify)",
        "DependsOn names 'Gone', and there is no such step.",
    ),
    (
        definition(function(DependsOn=["Notify"])),
        "Steps[0].DependsOn[0] (step Notify)",
        "The step Notify depends on itself. Remove it from DependsOn.",
    ),
]
SOUND = [
    definition(processing(), function(DependsOn=["Prepare"])),
    definition(condition(), function(DependsOn=[{"Step": "Gate", "Trigger": "Failed"}])),
    definition(fail()),
]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    ((where, message, fix),) = found(RULE, raw)

    assert where == path
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []
