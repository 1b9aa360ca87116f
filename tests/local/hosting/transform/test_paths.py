from __future__ import annotations

from typing import Any

import pytest

from local.hosting.transform.paths import PathError, parse

RECORD = {"id": 7, "features": [1, 2, 3, 4], "more": {"a b": {"c": 5}}}


@pytest.mark.parametrize(
    ("path", "record", "expected"),
    [
        ("$", RECORD, RECORD),
        ("$.features", RECORD, [1, 2, 3, 4]),
        ("$['more']['a b'].c", RECORD, 5),
        ('$["id"]', RECORD, 7),
        ("$['id','features']", RECORD, {"id": 7, "features": [1, 2, 3, 4]}),
        ("$.features[1:]", RECORD, [2, 3, 4]),
        ("$.features[-1]", RECORD, 4),
        ("$[0,2:]", [1, 2, 3, 4], [1, 3, 4]),
        ("$[:-1]", [1, 2, 3], [1, 2]),
        ("$[0, 1]", [1, 2, 3], [1, 2]),
        ("$[*]", [1, 2], [1, 2]),
        ("$.more.*", RECORD, [{"c": 5}]),
    ],
)
def test_documented_operators(path: str, record: Any, expected: Any) -> None:
    assert parse(path)(record) == expected


@pytest.mark.parametrize("path", ["", "features", "$..a", "$[?(@.a)]", "$[]", "$['a'", "$.a b", "$[0:1:2]", "$['a',1]"])
def test_what_is_no_such_path_is_refused(path: str) -> None:
    with pytest.raises(PathError, match="JSONPath"):
        parse(path)


@pytest.mark.parametrize(
    ("path", "record", "words"),
    [
        ("$.x", RECORD, "no member 'x'"),
        ("$[5]", [1, 2], "2 elements"),
        ("$[0]", RECORD, "no list"),
        ("$.x", [1], "no member"),
    ],
)
def test_a_record_without_the_part_is_named(path: str, record: Any, words: str) -> None:
    with pytest.raises(PathError, match=words):
        parse(path)(record)
