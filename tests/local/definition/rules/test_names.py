from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import definition, fail, found, parameter, processing

RULE = "names"

CASES = [
    (definition(fail("two words")), "Steps[0].Name (step two words)", "Name is 'two words', which is not how StepName"),
    (
        definition(fail("n" * 65)),
        f"Steps[0].Name (step {'n' * 65})",
        "Name has 65 characters, and must have at most 64.",
    ),
    (definition(processing(DisplayName="d" * 257)), "Steps[0].DisplayName (step Prepare)", "must have at most 256."),
    (definition(processing(Description="d" * 3073)), "Steps[0].Description (step Prepare)", "must have at most 3072."),
    (definition(processing(Description="a\nb")), "Steps[0].Description (step Prepare)", "not how StepDescription is"),
    (definition(parameters=[parameter("a.b")]), "Parameters[0].Name", "Name is 'a.b', which is not how"),
    (definition(parameters=[parameter("p" * 257)]), "Parameters[0].Name", "must have at most 256."),
]
SOUND = [
    definition(processing("a-B_9", DisplayName="Any text, at all", Description="ü" * 3072)),
    definition(parameters=[parameter("Input-Data_1")]),
]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    ((where, message, fix),) = found(RULE, raw)

    assert where == path
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []
