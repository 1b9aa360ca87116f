from __future__ import annotations

import math

import pytest

from inference.cells import (
    DEFAULT_MISSING,
    TARGET_MISSING,
    cell_number,
    cell_text,
    is_missing,
    missing_tokens,
    parse_number,
)


@pytest.mark.parametrize(
    "value", ["", "  ", "?", " ? ", "NA", "N/A", "nan", "null", "None", "-", "inf", None, math.nan, math.inf]
)
def test_cells_without_a_value_are_missing(value: object) -> None:
    assert is_missing(value)


@pytest.mark.parametrize("value", ["0", "no", "x-", "nano", 0, 0.0, False, "Nancy"])
def test_cells_with_a_value_are_not_missing(value: object) -> None:
    assert not is_missing(value)


def test_extra_tokens_are_added_to_the_default_ones() -> None:
    tokens = missing_tokens([" unknown "])
    assert tokens > DEFAULT_MISSING
    assert is_missing("unknown", tokens)
    assert not is_missing("unknown")


@pytest.mark.parametrize("label", ["-", "none", "None"])
def test_names_of_classes_are_not_missing_in_a_target(label: str) -> None:
    assert is_missing(label)
    assert not is_missing(label, TARGET_MISSING)
    assert not is_missing(label, missing_tokens(target=True))


@pytest.mark.parametrize(
    ("text", "number"),
    [(" 39", 39.0), ("1e3\r", 1000.0), ("+.5", 0.5), ("-0", -0.0), (" 5.", 5.0), ("1E-3", 0.001)],
)
def test_parse_number_reads_numbers(text: str, number: float) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["", "abc", "1,5", "1_000", "inf", "nan", "1e999", "0x10"])
def test_parse_number_refuses_what_no_data_file_means(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("value", "number"), [(True, 1.0), (3, 3.0), ("3", 3.0), (math.nan, None), (10**400, None), ([1], None)]
)
def test_cell_number_takes_native_values(value: object, number: float | None) -> None:
    assert cell_number(value) == number


@pytest.mark.parametrize(
    ("value", "text"), [(" a ", "a"), (3.0, "3"), (3, "3"), (2.5, "2.5"), (True, "true"), (b"a ", "a")]
)
def test_cell_text_is_the_same_for_text_and_native_values(value: object, text: str) -> None:
    assert cell_text(value) == text
