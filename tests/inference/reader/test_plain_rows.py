"""The compiled reader held to the reader in Python: it makes the same bits of a row, or leaves it alone."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inference.columns import FeaturesError, Numeric
from inference.features import Features
from inference.reader.reading import PlainReader
from inference.rows import RowTransform
from tests.inference.reader.conftest import SCALE, compiled
from tests.inference.test_rows import features

digits = st.text("0123456789.-+eE_ ", max_size=24)
number = st.one_of(st.floats(width=64).map(repr), st.integers(-(10**30), 10**30).map(str), digits)
exact = st.builds("{}{}e{}".format, st.sampled_from(["", "-", "."]), st.integers(0, 2**70), st.integers(-330, 330))
word = st.sampled_from(
    ["clerk", "smith", " smith ", "TRUE", "True", "tRuE", "Yes", "oN", "n", "0", "1.0", "-", "42", "Zoë", "Zoe\u0308",
     "Ulm", "\tUlm", "\u00a0Ulm", "\x1fUlm", "Köln", "NA", "na", " na", "", "  ", "?", "-999", "-999.0", "unknown",
     "old",
     "a long name of a town", "a long name of a tow", "another", "nan", "inf", "1e400", "size", " job ", "income", "Ã",
     "１２", "12", "1_0", "\ufeffclerk", "\x00", "\x7f", '"Ulm"', 'U"lm', "a,b", "true", "false"]
)  # fmt: skip
cell = st.one_of(number, exact, word, st.text(max_size=8))
row = st.tuples(number | exact | word, number | exact | word, cell, cell, cell, cell, cell).map(list)
PLAIN = ["1.5", "-7", "x17", "clerk", "true", "Ulm", "Ulm"]


def read(reader: PlainReader, body: bytes, rows: int, *, may_be_header: bool) -> tuple[bytes, int]:
    """The features that the reader made as bytes, and where it stopped."""
    out = np.empty((rows, reader.width), np.float32)
    count, at = reader.rows(body, 0, out, may_be_header=may_be_header)
    return out[:count].tobytes(), at


def python(fitted: Features, line: bytes) -> bytes | None:
    """The features that Python makes of the one row in a line, as bytes; None where it makes none."""
    try:
        (cells,) = csv.reader([line.decode()], strict=True)
        return np.array(RowTransform(fitted).values(cells), np.float32).tobytes()
    except (FeaturesError, ValueError, csv.Error):
        return None


def put(place: int, cell: str) -> list[str]:
    return [*PLAIN[:place], cell, *PLAIN[place + 1 :]]


@settings(max_examples=600, deadline=None)
@given(cells=row, end=st.sampled_from(["", "\n", "\r\n", "\r", "\n\n"]), first=st.booleans())
@example(cells=put(0, "1_0"), end="", first=False)
@example(cells=put(0, "１２"), end="", first=False)
@example(cells=put(2, "\u00a0size"), end="", first=True)
def test_a_row_becomes_the_same_bits_or_is_left_to_python(
    fitted: Features, reader: PlainReader, cells: list[str], end: str, first: bool
) -> None:
    body = (",".join(cells) + end).encode()
    found, at = read(reader, body, 2, may_be_header=first)
    if not found:
        assert at == 0 or body[:at].strip(b"\r\n") == b""
        return
    assert found == python(fitted, body)
    assert body[at:].strip(b"\r\n") == b""
    names = {*fitted.names, fitted.target}
    assert not (first and names & {text.strip() for text in cells})


@settings(max_examples=300, deadline=None)
@given(body=st.binary(max_size=60) | st.lists(cell, max_size=20).map(lambda cells: ",".join(cells).encode()))
def test_any_bytes_are_read_as_python_reads_them_or_not_at_all(
    fitted: Features, reader: PlainReader, body: bytes
) -> None:
    found, at = read(reader, body, 100, may_be_header=False)
    lines = [line for line in body[:at].split(b"\n") if line.strip(b"\r")]
    assert found == b"".join(python(fitted, line) or b"?" for line in lines)


@pytest.mark.parametrize(
    ("place", "cells"),
    [
        (0, ["", "0", "-0", "+1", "007", "1.", ".5", "1e3", "1E-3", "-1.25e+2", " 3 ", "1e-400",
             "0.1234567890123456789", "123456789012345678901234567890", "9007199254740993", "1.7976931348623157e308",
             "-999", "-999.0", "?", "old", "NaN", "inf", "unknown"]),
        (2, ["", "anything", "ein Müller!", "1", "-"]),
        (3, ["smith", " smith\t", "42", "Zoë", "true", "True", " TRUE ", "king", "der Königs", "NA", "", "unknown",
             "false", "tea"]),
        (4, ["true", "True", "YES", "no", "0", "1", "Off", "", "perhaps"]),
        (5, ["Ulm", "a long name of a town", "a long name of a tower", "", "x", "Türme"]),
        (6, ["Ulm", "Köln", "Bonn", "na", "", "true", "TRUE", "false"]),
    ],
)  # fmt: skip
def test_plain_cells_are_read(fitted: Features, reader: PlainReader, place: int, cells: list[str]) -> None:
    for text in cells:
        body = ",".join(put(place, text)).encode()
        assert read(reader, body, 1, may_be_header=True) == (python(fitted, body), len(body)), text


@pytest.mark.parametrize(
    ("place", "text"),
    [(0, "ten"), (0, "1_000"), (0, "1,5"), (0, "1e999"), (0, "1" * 80), (0, "1e400"), (3, "teal"), (2, '"a"'),
     (2, "a\rb"), (2, "a\0b"), (3, "Zoe\u0308"), (3, "tRuE"), (3, "-"), (4, "oN"), (5, "TRUE"), (5, "\u00a0Ulm"),
     (2, "id"), (5, " income "), (2, "x" * 70_000)],
)  # fmt: skip
def test_other_cells_are_left_to_python(reader: PlainReader, place: int, text: str) -> None:
    assert read(reader, ",".join(put(place, text)).encode(), 1, may_be_header=True) == (b"", 0)


@pytest.mark.parametrize("body", [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc3", b"\xe2\x82"])
def test_what_is_no_utf8_is_left_to_python(reader: PlainReader, body: bytes) -> None:
    for place in (2, 3):
        assert read(reader, ",".join(put(place, "%")).encode().replace(b"%", body), 1, may_be_header=False) == (b"", 0)


def test_many_rows_are_read_up_to_one_that_is_not_plain(fitted: Features, reader: PlainReader) -> None:
    line = ",".join(PLAIN).encode()
    body = b"\n\r\n" + line + b"\r\n\n" + line + b"\n" + b'"7",' + line[4:] + b"\n" + line
    found, at = read(reader, body, 10, may_be_header=True)
    assert found == python(fitted, line) * 2  # type: ignore[operator]
    assert body[at:].startswith(b'"7"')
    out = np.empty((10, reader.width), np.float32)
    start = body.rindex(line)
    assert reader.rows(body, start, out, may_be_header=False) == (1, len(body))
    assert reader.rows(body, len(body), out, may_be_header=False) == (0, len(body))


def test_names_of_columns_are_looked_for_in_the_first_row_alone(reader: PlainReader) -> None:
    odd = ",".join(put(5, "income")).encode()
    assert read(reader, odd, 1, may_be_header=True)[1] == 0
    assert read(reader, odd, 1, may_be_header=False)[1] == len(odd)
    both = ",".join(PLAIN).encode() + b"\n" + odd
    assert read(reader, both, 2, may_be_header=True)[1] == len(both)


@pytest.mark.parametrize("name", ["2024", "-x"])
def test_a_name_may_begin_as_numbers_do(name: str, tmp_path: Path) -> None:
    fitted = features((Numeric(name, median=0.0, **SCALE),))
    reader = PlainReader(fitted, compiled(fitted, tmp_path / "model", [0.1]).library)
    for text, count in ((name, 0), (f" {name}", 0), ("2025", 1), ("-2", 1)):
        assert len(read(reader, text.encode(), 1, may_be_header=True)[0]) == 4 * count
