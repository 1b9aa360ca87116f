from __future__ import annotations

from typing import Any

import pytest

from local.definition.model import ParameterError, bind_parameters, parse
from tests.local.definition.builders import definition, parameter

PARAMETERS = [
    parameter("Name", DefaultValue="initial"),
    parameter("Count", "Integer", DefaultValue=1),
    parameter("Threshold", "Float", DefaultValue=0.5),
    parameter("Deploy", "Boolean", DefaultValue=False),
    parameter("Size", DefaultValue="small", EnumValues=["small", "large"]),
]
READ = parse(definition(parameters=PARAMETERS))


def test_takes_defaults_where_nothing_is_given() -> None:
    assert bind_parameters(READ, {}) == {
        "Name": "initial",
        "Count": 1,
        "Threshold": 0.5,
        "Deploy": False,
        "Size": "small",
    }


@pytest.mark.parametrize(
    ("name", "given", "bound"),
    [
        ("Name", "x", "x"),
        ("Name", "", ""),
        ("Name", "7", "7"),
        ("Count", "3", 3),
        ("Count", " -3 ", -3),
        ("Count", 4, 4),
        ("Threshold", "0.25", 0.25),
        ("Threshold", "1e-3", 0.001),
        ("Threshold", 1, 1.0),
        ("Deploy", "true", True),
        ("Deploy", "False", False),
        ("Deploy", True, True),
        ("Size", "large", "large"),
    ],
)
def test_reads_text_as_the_type_of_the_parameter(name: str, given: Any, bound: Any) -> None:
    value = bind_parameters(READ, {name: given})[name]

    assert (value, type(value)) == (bound, type(bound))


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("Name", 7, "must be text, and is 7."),
        ("Count", "3.5", "must be a whole number such as 3, and is '3.5'."),
        ("Count", "٣", "must be a whole number such as 3, and is '٣'."),
        ("Count", "9" * 30, f"must be a whole number such as 3, and is '{'9' * 30}'."),
        ("Count", True, "must be a whole number such as 3, and is True."),
        ("Count", 2.0, "must be a whole number such as 3, and is 2.0."),
        ("Threshold", "nan", "must be a number such as 0.8, and is 'nan'."),
        ("Threshold", "inf", "must be a number such as 0.8, and is 'inf'."),
        ("Threshold", "much", "must be a number such as 0.8, and is 'much'."),
        ("Deploy", "yes", "must be true or false, and is 'yes'."),
        ("Deploy", 1, "must be true or false, and is 1."),
        ("Size", "medium", "cannot be 'medium'. Use one of 'small', 'large'."),
    ],
)
def test_refuses_other_types_and_values_outside_the_enumeration(name: str, given: Any, sentence: str) -> None:
    with pytest.raises(ParameterError) as caught:
        bind_parameters(READ, {name: given})

    assert f"Parameters.{name}: The parameter {name} {sentence}" in str(caught.value)


def test_lists_every_mistake_at_once() -> None:
    read = parse(definition(parameters=[*PARAMETERS, parameter("Needed")]))
    number = "a number such as 0.8"
    with pytest.raises(ParameterError) as caught:
        bind_parameters(read, {"Cuont": "1", "Threshold": "x"})

    assert [str(each) for each in caught.value.findings] == [
        "Parameters.Cuont: The parameter Cuont is not a parameter of this pipeline. Did you mean 'Count'?",
        f"Parameters.Threshold: The parameter Threshold must be {number}, and is 'x'. Give {number}.",
        "Parameters.Needed: The parameter Needed has no default and was given no value. Give Needed a value.",
    ]
