from __future__ import annotations

import pytest

from local.hosting.transform.splitting import SplitError, split

LINES = b"a,1\r\nb,2\n\nc,3\n"


def test_without_a_split_an_input_is_one_record() -> None:
    assert [list(each.records) for each in split(LINES, "None", "MultiRecord", 100)] == [[LINES]]


def test_single_records_keep_their_numbers() -> None:
    found = list(split(LINES, "Line", "SingleRecord", 100))
    assert [(each.first, list(each.records)) for each in found] == [
        (1, [b"a,1"]),
        (2, [b"b,2"]),
        (3, [b""]),
        (4, [b"c,3"]),
    ]


def test_several_records_fill_a_payload_up_to_the_limit() -> None:
    found = list(split(b"aaaa\nbbbb\ncccc\n", "Line", "MultiRecord", 10))
    assert [(each.first, list(each.records)) for each in found] == [(1, [b"aaaa", b"bbbb"]), (3, [b"cccc"])]


@pytest.mark.parametrize(
    ("split_type", "words"), [("None", "is 13 bytes long"), ("Line", "line, number 2, that is 11")]
)
def test_a_record_beyond_the_limit_is_named(split_type: str, words: str) -> None:
    with pytest.raises(SplitError, match=words):
        list(split(b"a\nbbbbbbbbbbb", split_type, "MultiRecord", 10))
