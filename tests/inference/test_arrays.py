from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from inference.arrays import numbers, texts
from inference.cells import DEFAULT_MISSING, parse_number


@pytest.mark.parametrize(
    "text",
    [*["1", " 2 ", "1e5", "1E-3", "+7", "-.5", "5.", "0x10", "1_0", "inf", "infinity", "nan", "1d", "1f", "١", "1,2"],
     *["1 2", "2.2250738585072011e-308", "0.1234567890123456789", "9007199254740993", "1e400"]],
)  # fmt: skip
def test_arrow_and_python_read_a_text_alike(text: str) -> None:
    alone, _ = numbers(pa.array([text]), DEFAULT_MISSING)
    beside_text, _ = numbers(pa.array([text, "word"]), DEFAULT_MISSING)
    expected = parse_number(text)
    for value in (alone[0], beside_text[0]):
        assert np.isnan(value) if expected is None else value == expected


def test_texts_merges_spellings_and_codes_missing_cells() -> None:
    codes, levels = texts(pa.array(["b", " b", None, "?", "a"]), DEFAULT_MISSING)
    assert (codes.tolist(), levels) == ([0, 0, -1, -1, 1], ["b", "a"])


def test_numbers_names_the_texts_that_are_none() -> None:
    values, strays = numbers(pa.array(["1", "x", "?", None]), DEFAULT_MISSING)
    assert strays == {"x"}
    assert values[0] == 1
    assert np.isnan(values[1:]).all()


@pytest.mark.parametrize("rare", ["1", "?", " "])
def test_a_text_after_thousands_of_numbers_is_found(rare: str) -> None:
    values, strays = numbers(pa.array([rare, *["2.5"] * 5_000, "x", "3"]), DEFAULT_MISSING)
    assert strays == {"x"}
    assert np.isnan(values[0]) == (rare != "1")
    assert values[1] == values[5_000] == 2.5
    assert np.isnan(values[5_001])
    assert values[5_002] == 3
