from __future__ import annotations

import datetime as dt
import decimal
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from processing_scripts.tables import TableError, open_table


def write(path: Path, **columns: object) -> Path:
    parquet.write_table(pa.table(columns), path)
    return path


def test_types_are_kept(tmp_path: Path) -> None:
    day = dt.date(2020, 1, 2)
    path = write(tmp_path / "t.parquet", a=[1, None], b=[0.5, 1.5], c=["x", None], d=[True, False], e=[day, None])
    batch = next(iter(open_table(path).batches()))
    assert [str(field.type) for field in batch.schema] == ["int64", "double", "string", "bool", "date32[day]"]
    assert batch.to_pylist()[0] == {"a": 1, "b": 0.5, "c": "x", "d": True, "e": day}


def test_the_rest_is_brought_to_plain_types(tmp_path: Path) -> None:
    path = write(
        tmp_path / "data",
        category=pa.array(["x", "y"]).dictionary_encode(),
        price=pa.array([decimal.Decimal("1.25"), None]),
        raw=pa.array([b"abc", None]),
        nested=[{"a": [1, 2]}, None],
        nothing=pa.nulls(2),
    )
    assert next(iter(open_table(path).batches())).to_pydict() == {
        "category": ["x", "y"],
        "price": [1.25, None],
        "raw": ["abc", None],
        "nested": ['{"a":[1,2]}', None],
        "nothing": [None, None],
    }


def test_files_of_a_folder_come_to_one_type(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", n=[1, 2], t=[1, 2])
    write(tmp_path / "b.parquet", t=["x"], n=[0.5])
    batches = list(open_table(tmp_path).batches())
    assert [batch.to_pydict() for batch in batches] == [{"n": [1.0, 2.0], "t": ["1", "2"]}, {"n": [0.5], "t": ["x"]}]
    assert {str(batch.schema.field("n").type) for batch in batches} == {"double"}


def test_columns_are_read_in_the_order_asked_for_and_bounded(tmp_path: Path) -> None:
    path = write(tmp_path / "t.parquet", a=[1, 2, 3], b=[4, 5, 6])
    assert [batch.to_pydict() for batch in open_table(path).batches(["b", "a"], batch_rows=2)] == [
        {"b": [4, 5], "a": [1, 2]},
        {"b": [6], "a": [3]},
    ]


def test_a_damaged_file_gets_a_sentence(tmp_path: Path) -> None:
    path = write(tmp_path / "t.parquet", a=list(range(5_000)))
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(TableError, match=r"t\.parquet is damaged or not Parquet: .*; write it again\."):
        open_table(path)


def test_damage_inside_gets_a_sentence(tmp_path: Path) -> None:
    path = write(tmp_path / "t.parquet", a=list(range(5_000)))
    content = bytearray(path.read_bytes())
    content[4:400] = b"\xff" * 396
    path.write_bytes(content)
    with pytest.raises(TableError, match=r"t\.parquet is damaged or not Parquet"):
        list(open_table(path).batches())


def test_a_table_without_rows_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"has columns \(a\) and no rows\."):
        open_table(write(tmp_path / "t.parquet", a=pa.array([], pa.int64())))


def test_bytes_that_are_no_text_get_a_sentence(tmp_path: Path) -> None:
    path = write(tmp_path / "t.parquet", a=[b"\xff\xfe"])
    with pytest.raises(TableError, match="the column 'a' cannot be read as string: Invalid UTF8"):
        list(open_table(path).batches())
