from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import definition, fail, found

RULE = "version"

CASES = [
    ({**definition(fail()), "Version": "2021-01-01"}, "Version", "Version is '2021-01-01', and the service reads"),
    (
        {**definition(fail()), "Version": None},
        "Version",
        'Version is missing, and the service reads 2020-12-01. Write "',
    ),
    ({**definition(fail()), "Version": 2020}, "Version", "Version is 2020"),
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
