from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import condition, definition, fail, found, function, get, loop

RULE = "loops"
PLACE = "Steps[0].Arguments"

CASES = [
    (definition(loop(IterableItems=[])), f"{PLACE}.IterableItems (step Each)", "a list of 1 to 100 items."),
    (definition(loop(IterableItems="a,b")), f"{PLACE}.IterableItems (step Each)", "must be a reference to a JSON list"),
    (definition(loop(MaxConcurrency=51)), f"{PLACE}.MaxConcurrency (step Each)", "from 1 to 50, and is 51."),
    (definition(loop(MaxConcurrency=None)), f"{PLACE}.MaxConcurrency (step Each)", "from 1 to 50, and is None."),
    (definition(loop(ForEachBody=[])), f"{PLACE}.ForEachBody (step Each)", "must have at least one step."),
    (
        definition(loop(body=[fail()])),
        f"{PLACE}.ForEachBody[0].Type (step Stop)",
        "A step of type Fail cannot stand in",
    ),
    (definition(loop(body=[condition()])), f"{PLACE}.ForEachBody[0].Type (step Gate)", "Move it out of ForEachBody."),
    (
        definition(function(arguments={"x": get("ForEach.CurrentItem.name")})),
        f"{PLACE}.x.Get (step Notify)",
        "'ForEach.CurrentItem.name' has a value only inside the body of a ForEach step.",
    ),
]
SOUND = [
    definition(loop()),
    definition(loop(IterableItems=get("Parameters.Items"))),
    definition(loop(body=[function("Body", {"x": get("ForEach.CurrentItem")})])),
    definition(loop(Selector={"Pick": "MaxBy", "Field": get("IterationOutput.Body.OutputParameters['x']")})),
]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    ((where, message, fix),) = found(RULE, raw)

    assert where == path
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []
