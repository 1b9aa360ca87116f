from __future__ import annotations

import io
import json
import struct
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from inference.formats import npy
from inference.media_types import CSV, JSON, JSON_LINES, NPY, PARQUET
from inference.requests import RequestError, raw_rows

NAMES = ("size", "colour", "age")
LISTS = [[9.5, "red", None], [0.5, "blue", 30]]
RECORDS = [dict(zip(NAMES, row, strict=True)) for row in LISTS]


def rows(body: Any, content_type: str = JSON) -> list[Any]:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return raw_rows(text, content_type, {*NAMES, "y"})


def as_npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def as_parquet(columns: dict[str, Any], **options: Any) -> bytes:
    buffer = io.BytesIO()
    parquet.write_table(pa.table(columns), buffer, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (LISTS, LISTS),
        ({"instances": LISTS}, LISTS),
        ({"records": RECORDS}, RECORDS),
        (RECORDS[0], RECORDS[:1]),
        ({"columns": {"size": [9.5, 0.5], "colour": ["red", "blue"], "age": [None, 30]}}, RECORDS),
        ({"size": [9.5, 0.5], "colour": ["red", "blue"], "age": [None, 30]}, RECORDS),
        ({"columns": list(NAMES), "data": LISTS}, RECORDS),
        ({"columns": list(NAMES), "index": [0, 1], "data": LISTS}, RECORDS),
    ],
)
def test_json_holds_rows_or_columns(body: Any, expected: list[Any]) -> None:
    assert rows(body) == expected


def test_json_lines_hold_a_row_each() -> None:
    text = "\ufeff" + "\r\n".join(map(json.dumps, [RECORDS[0], LISTS[1]])) + "\n\n"
    assert rows(text, JSON_LINES) == [RECORDS[0], LISTS[1]]
    assert rows('["\u2028"]\n', "application/x-ndjson; charset=UTF-8") == [["\u2028"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('1,"a,b",\n2,"c ""d""",3', [["1", "a,b", ""], ["2", 'c "d"', "3"]]),
        ("1,red,2\r\n\r\n3,blue,4\r\n", [["1", "red", "2"], ["3", "blue", "4"]]),
        ("\ufeff1,red,\n", [["1", "red", ""]]),
        ('"a\nb",red,2', [["a\nb", "red", "2"]]),
        ("age,y,size\n3,no,4\n", [{"age": "3", "y": "no", "size": "4"}]),
    ],
)
def test_csv_is_read_as_it_is_written(text: str, expected: list[Any]) -> None:
    assert rows(text, CSV) == expected


def test_a_large_body_is_read_as_a_small_one_is() -> None:
    lines = 'size,colour,age\r\n9.5,"r\u00f8d, ja",\r\n'.encode() + b"0.5,blue,30\n" * 9000
    found = rows(b"\xef\xbb\xbf" + lines, CSV)
    assert len(found) == 9001
    assert found[:2] == [
        {"size": "9.5", "colour": "rød, ja", "age": ""},
        {"size": "0.5", "colour": "blue", "age": "30"},
    ]
    assert rows((b"\xef\xbb\xbf" + lines).decode(), CSV) == found
    with pytest.raises(RequestError, match="not UTF-8"):
        rows(lines + b"1,\xff,2\n", CSV)


LARGE = json.dumps(LISTS * 3000, indent=1)


@pytest.mark.parametrize("wrapped", ["%s", ' {"instances" :\n%s } \n', '{"records":%s}'])
def test_a_large_list_is_read_row_by_row(wrapped: str) -> None:
    assert rows(wrapped.replace("%s", LARGE)) == LISTS * 3000
    padded = wrapped.replace("%s", f"[{' ' * 70_000}]")
    assert rows(padded) == []


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (LARGE[:-1], "it ends within the list of rows"),
        (LARGE[:-1] + ",]", "a row is missing"),
        (LARGE[:-1] + " 7 8]", "a comma is missing"),
        (LARGE[:-1] + ", NaN]", "NaN is no JSON"),
        (LARGE[:-1] + ", {]", "the body is not JSON"),
        (LARGE[:-1] + ", " + "[" * 100_000, "the body is not JSON"),
        (LARGE + "]", "the body must be"),
        ('{"instances": ' + LARGE, "the body must be"),
        ('{"instances": ' + LARGE + ', "more": 1}', "the body must be"),
    ],
)
def test_a_large_list_that_is_at_fault_is_refused(body: str, cause: str) -> None:
    with pytest.raises(RequestError, match=cause):
        rows(body)


def test_a_content_type_may_say_whether_there_is_a_header() -> None:
    assert rows("size,colour,age\n", f"{CSV}; header=absent") == [["size", "colour", "age"]]
    assert rows("a,b,c\n1,2,3\n", f"{CSV};header=present") == [{"a": "1", "b": "2", "c": "3"}]


@pytest.mark.parametrize("order", ["C", "F"])
def test_npy_holds_rows_by_position(order: Any) -> None:
    array = np.array([[1.5, 2, np.nan], [4, 5, 6]], dtype=np.float32, order=order)
    found = rows(as_npy(array), NPY)
    assert found[1] == [4.0, 5.0, 6.0]
    assert found[0][:2] == [1.5, 2.0]
    assert rows(as_npy(np.array([1, 2, 3])), NPY) == [[1, 2, 3]]
    assert rows(as_npy(np.array([["1", "rød", ""]])), NPY) == [["1", "rød", ""]]
    assert rows(as_npy(np.char.encode(np.array([["1", "rød", ""]]))), NPY) == [["1", "rød", ""]]


def test_npy_may_name_its_columns() -> None:
    array = np.array([(9.5, "red", 30)], dtype=[("size", "f8"), ("colour", "U9"), ("age", "i4")])
    assert rows(as_npy(array), NPY) == [{"size": 9.5, "colour": "red", "age": 30}]


def test_parquet_holds_columns_by_their_names() -> None:
    columns = {name: [row[place] for row in LISTS] for place, name in enumerate(NAMES)}
    assert rows(as_parquet({**columns, "__index_level_0__": [5, 6]}), PARQUET) == RECORDS


@pytest.mark.parametrize(
    ("body", "kind", "cause"),
    [
        (b"\x93NUMPY", NPY, "not an array"),
        (b"PK\x03\x04", NPY, "not an array"),
        (as_npy(np.zeros((2, 2, 2))), NPY, "3 dimensions"),
        (as_npy(np.zeros((2, 2)))[:-1], NPY, "31 bytes where its head says 32"),
        (as_npy(np.zeros((2, 2), dtype=complex)), NPY, "neither numbers nor texts"),
        (as_npy(np.zeros(2, dtype=[("a", "f4", (2,))])), NPY, "neither numbers nor texts"),
        (as_npy(np.array([[b"\xff"]])), NPY, "not UTF-8"),
        ("text", NPY, "binary format was sent as text"),
        (b"PAR1 and no more", PARQUET, "not a Parquet file"),
        (as_parquet({"size": list(range(100))})[:-20], PARQUET, "not a Parquet file"),
        ("[1]\n{", JSON_LINES, "line 2 is not JSON"),
        ("[NaN]", JSON_LINES, "line 1 is not JSON: NaN is no JSON"),
        ('{"columns": {"size": [1, 2], "age": [1]}}', JSON, "column age has 1 cells where another has 2"),
        ('{"columns": {"size": 1}}', JSON, "the body must be"),
        ('{"columns": ["size"], "data": [[1], [1, 2]]}', JSON, "row 2: a row has 2 cells where 1 columns are named"),
        ('{"columns": ["size", "size"], "data": []}', JSON, "names a column twice: size"),
        ('{"other": 3}', JSON, "the body must be"),
        ("3", JSON, "the body must be"),
        (b'"\xff"', JSON_LINES, r"not UTF-8 text \(byte 2\)"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(body: Any, kind: str, cause: str) -> None:
    with pytest.raises(RequestError, match=cause) as refused:
        rows(body, kind)
    assert refused.value.status == 400


def test_an_array_of_objects_is_not_unpickled() -> None:
    with pytest.raises(RequestError, match="neither numbers nor texts"):
        rows(as_npy(np.array([[print]], dtype=object)), NPY)


def test_a_head_that_promises_a_huge_array_takes_no_memory() -> None:
    head = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, 20), }\n"
    with pytest.raises(RequestError, match="8 bytes where its head says 160000000000000"):
        rows(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + bytes(8), NPY)


def test_few_bytes_that_unpack_to_very_many_cells_are_refused() -> None:
    body = as_parquet({"size": np.zeros(6_000_000)}, compression="zstd")
    assert len(body) < 100_000
    with pytest.raises(RequestError, match="unpacks to 6000000 cells") as refused:
        rows(body, PARQUET)
    assert refused.value.status == 413


@pytest.mark.parametrize("content_type", ["image/png", "", f"{CSV}; charset=latin-1"])
def test_other_types_and_character_sets_are_refused(content_type: str) -> None:
    with pytest.raises(RequestError) as refused:
        rows("1,2,3", content_type)
    assert refused.value.status == 415


def test_an_array_written_is_read_again() -> None:
    array = np.array([[0.1, 2.5]], dtype=np.float32)
    assert np.load(io.BytesIO(npy.write(array))).tobytes() == array.tobytes()
