from __future__ import annotations

import pyarrow as pa
import pytest

from processing_scripts.preparing.repeated import Encoder, decoded

ROWS = 3_000
TOKENS = frozenset({"", "?"})


def batch(texts: list[str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array(texts)], names=["x"])


@pytest.mark.parametrize(
    ("texts", "gains"),
    [
        (["red", "blue", "?"] * (ROWS // 3), True),
        ([f"town {row}" for row in range(ROWS)], False),
        (["1", "2", "?"] * (ROWS // 3), False),
        (["red"] * 1_024 + [f"town {row}" for row in range(ROWS)], False),
    ],
    ids=["few texts", "many texts", "numbers", "many texts later on"],
)
def test_columns_that_gain_by_it_are_encoded_and_come_back_as_they_were(texts: list[str], gains: bool) -> None:
    rows = batch(texts)
    found = Encoder(TOKENS, "y").encoded(rows)
    assert pa.types.is_dictionary(found.schema.field("x").type) == gains
    assert decoded(found).equals(rows)


def test_a_column_without_a_value_is_judged_once_it_has_one() -> None:
    encoder = Encoder(TOKENS, "y")
    assert encoder.encoded(batch(["", "?"] * 600)).schema.field("x").type == pa.string()
    assert encoder.encoded(batch(["7", ""] * 600)).schema.field("x").type == pa.string()


def test_the_target_is_left_alone() -> None:
    assert Encoder(TOKENS, "x").encoded(batch(["a", "b"] * 600)).schema.field("x").type == pa.string()
