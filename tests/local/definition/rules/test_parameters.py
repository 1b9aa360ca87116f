from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import definition, found, parameter

RULE = "parameters"

CASES = [
    (
        definition(parameters=[parameter("P", "Number")]),
        "Parameters[0].Type",
        "Type of the parameter P cannot be 'Number'. Use one of 'String', 'Integer', 'Float', 'Boolean'.",
    ),
    (
        definition(parameters=[parameter("P", "Integer", DefaultValue="1")]),
        "Parameters[0].DefaultValue",
        "DefaultValue of P must be a whole number such as 3, and is '1'.",
    ),
    (
        definition(parameters=[parameter("P", "Integer", DefaultValue=1.5)]),
        "Parameters[0].DefaultValue",
        "must be a whole number such as 3, and is 1.5.",
    ),
    (
        definition(parameters=[parameter("P", "Float", DefaultValue=True)]),
        "Parameters[0].DefaultValue",
        "must be a number such as 0.8, and is True.",
    ),
    (
        definition(parameters=[parameter("P", "Float", DefaultValue=float("nan"))]),
        "Parameters[0].DefaultValue",
        "must be a number such as 0.8, and is nan.",
    ),
    (
        definition(parameters=[parameter("P", "Boolean", DefaultValue="true")]),
        "Parameters[0].DefaultValue",
        "must be true or false, and is 'true'.",
    ),
    (
        definition(parameters=[parameter("P", DefaultValue=3)]),
        "Parameters[0].DefaultValue",
        "DefaultValue of P must be text, and is 3.",
    ),
    (
        definition(parameters=[parameter("P", DefaultValue="c", EnumValues=["a", "b"])]),
        "Parameters[0].DefaultValue",
        "DefaultValue of P cannot be 'c'. Use one of 'a', 'b'.",
    ),
    (
        definition(parameters=[parameter("P", DefaultValue="a", EnumValues=["a", 2])]),
        "Parameters[0].EnumValues[1]",
        "EnumValues[1] of P must be text, and is 2.",
    ),
    (
        definition(parameters=[parameter("P", DefaultValue="v" * 1025)]),
        "Parameters[0].DefaultValue",
        "longer than the 1024 characters that a value may have.",
    ),
]
SOUND = [
    definition(
        parameters=[
            {"Name": "Untyped", "DefaultValue": "x"},
            parameter("Needed", "Integer"),
            parameter("Whole", "Float", DefaultValue=1),
            parameter("Choice", "Integer", DefaultValue=2, EnumValues=[1, 2]),
            parameter("Flag", "Boolean", DefaultValue=False),
        ]
    )
]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    ((where, message, fix),) = found(RULE, raw)

    assert where == path
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []
