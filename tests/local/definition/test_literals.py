from __future__ import annotations

from typing import Any

import pytest

from local.definition.literals import can_match, could_be, is_whole, pieces_of, shortest
from local.definition.patterns import matches
from tests.local.definition.builders import get, join

ROLE = r"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+"
NAME = "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"


@pytest.mark.parametrize(
    ("value", "pieces"),
    [
        ("text", ("text",)),
        ("s3://${Bucket}/x", ("s3://", None, "/x")),
        ("${Role}", (None,)),
        ("arn:${AWS::Partition}:x", ("arn:", None, ":x")),
        ("${not-a-name}", ("${not-a-name}",)),
        (get("Parameters.X"), (None,)),
        (join("a", get("Parameters.X"), 3), ("a", "/", None, "/", "3")),
        (join("${B}", "c", on=""), (None, "c")),
        (join(join("a", "b", on="-"), "c"), ("a", "-", "b", "/", "c")),
        ({"Std:Join": {"On": 1, "Values": []}}, (None,)),
        (None, None),
    ],
)
def test_tells_what_is_known_of_a_text(value: Any, pieces: Any) -> None:
    assert pieces_of(value) == pieces


@pytest.mark.parametrize(
    ("value", "pattern", "possible"),
    [
        (join("model", get("Execution.PipelineExecutionId"), on="-"), NAME, True),
        (join("my model", get("Execution.PipelineExecutionId"), on="-"), NAME, False),
        (join("arn:aws:iam:", get("Parameters.Account"), "role/x", on=":"), ROLE, True),
        (join("arn:aws:iam:", "12", "role", get("Parameters.Name"), on=":"), ROLE, False),
        ("${ProcessingRoleArn}", ROLE, True),
        ("${Bucket}/x", "(https|s3)://([^/]+)/?(.*)", True),
        ("bucket/${Key}", "(https|s3)://([^/]+)/?(.*)", False),
        ("a b", NAME, False),
    ],
)
def test_holds_what_is_known_against_a_pattern(value: Any, pattern: str, possible: bool) -> None:
    pieces = pieces_of(value)
    assert pieces is not None
    assert can_match(pieces, lambda text: matches(pattern, text)) is possible


def test_many_unknown_pieces_are_given_the_benefit_of_the_doubt() -> None:
    pieces = pieces_of(join(*[get("Parameters.X")] * 9, on=" "))

    assert pieces is not None
    assert can_match(pieces, lambda _: False)


def test_holds_what_is_known_against_an_enumeration() -> None:
    assert could_be(("ml.", None, ".xlarge"), ["ml.m5.xlarge"])
    assert not could_be(("ml.", None, ".xlarg"), ["ml.m5.xlarge"])
    assert not could_be(("ml.m5",), ["ml.m5.xlarge"])


def test_counts_the_characters_that_are_sure() -> None:
    assert (shortest(("ab", None, "c")), is_whole(("ab", None, "c"))) == (3, False)
    assert (shortest(("ab", "c")), is_whole(("ab", "c"))) == (3, True)
