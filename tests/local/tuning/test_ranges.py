from __future__ import annotations

from typing import Any

import pytest

from local.tuning.ranges import problems, read
from tests.support.tuning import categorical, continuous, ranges

CASES: list[tuple[dict[str, Any], str]] = [
    (
        ranges(continuous=[continuous("eta", 0.5, 0.1)]),
        "tunes 'eta', and its MinValue 0.5 is above its MaxValue 0.1; exchange them.",
    ),
    (
        ranges(integer=[continuous("depth", 1.5, 3)]),
        "tunes 'depth', and its bounds '1.5' and '3' are not both whole numbers.",
    ),
    (
        ranges(continuous=[continuous("eta", "low", "inf")]),
        "tunes 'eta', and its bounds 'low' and 'inf' are not both numbers.",
    ),
    (
        ranges(continuous=[continuous("eta", 0, 1, "Logarithmic")]),
        "tunes 'eta', and its MinValue 0 has no logarithm; raise it above 0, or use Linear scaling.",
    ),
    (
        ranges(continuous=[continuous("momentum", 0.5, 1, "ReverseLogarithmic")]),
        (
            "tunes 'momentum', and ReverseLogarithmic scaling takes continuous ranges from 0 to below 1; use another "
            "scaling."
        ),
    ),
    (
        ranges(continuous=[continuous("eta", 0, 1)], categorical=[categorical("eta", "a")]),
        "tunes 'eta' twice; keep one range.",
    ),
    ({}, "has no ranges to tune; name at least one hyperparameter in its ParameterRanges."),
    (
        {"AutoParameters": [{"Name": "eta", "ValueHint": "many"}]},
        (
            "tunes 'eta' automatically from the hint 'many'; the laptop finds ranges around positive numbers alone: "
            "give it a range."
        ),
    ),
]


@pytest.mark.parametrize(("given", "sentence"), CASES)
def test_says_what_is_wrong_with_a_range(given: dict[str, Any], sentence: str) -> None:
    assert problems(given) == [sentence]


def test_bounds_that_only_an_execution_knows_are_passed_over() -> None:
    assert problems(ranges(continuous=[{"Name": "eta", "MinValue": {"Get": "Parameters.Low"}, "MaxValue": "1"}])) == []


def test_automatic_scaling_is_logarithmic_for_ranges_that_span_two_orders_of_magnitude() -> None:
    given = ranges(continuous=[continuous("wide", 0.01, 1), continuous("narrow", 0.1, 1), continuous("zero", 0, 100)])
    assert [each.scaling for each in read(given)] == ["Logarithmic", "Linear", "Linear"]


def test_a_hint_becomes_a_range_around_it() -> None:
    found = read({"AutoParameters": [{"Name": "depth", "ValueHint": "4"}, {"Name": "eta", "ValueHint": "0.08"}]})
    assert [(each.kind, each.low, each.high) for each in found] == [("Integer", 1, 32), ("Continuous", 0.01, 0.64)]


def test_a_range_knows_its_own() -> None:
    depth, eta, kind = read(
        ranges(
            integer=[continuous("depth", 1, 4)],
            continuous=[continuous("eta", 0, 1)],
            categorical=[categorical("kind", "a", "b")],
        )
    )
    assert [depth.contains(text) for text in ("4", "5", "2.5", "deep")] == [True, False, False, False]
    assert [eta.contains(text) for text in ("0.5", "1.5", "nan")] == [True, False, False]
    assert [kind.contains(text) for text in ("a", "c")] == [True, False]
