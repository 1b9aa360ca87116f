from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from processing_scripts.tables import TableError, open_table
from processing_scripts.tables.jsonl_table import LINE_BYTES


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "t.jsonl"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rows(path: Path) -> list[dict[str, str | None]]:
    return [row for batch in open_table(path).batches() for row in batch.to_pylist()]


def test_cells_are_text_as_written_and_null_where_absent(tmp_path: Path) -> None:
    path = write(tmp_path, '\ufeff{"a": 1.50, "b": " x", "c": null}\r\n\n{"a": 1e3, "d": true, "c": NaN}\n')
    assert open_table(path).format == "jsonl"
    assert rows(path) == [
        {"a": "1.50", "b": " x", "c": None, "d": None},
        {"a": "1e3", "b": None, "c": "NaN", "d": "true"},
    ]


def test_nested_objects_become_columns_and_lists_stay_json(tmp_path: Path) -> None:
    path = write(tmp_path, '{"a": {"b": {"c": 1}, "d": "x"}, "e": [1.0, "y", {"z": null}], "f": {}}\n')
    assert rows(path) == [{"a.b.c": "1", "a.d": "x", "e": '[1.0,"y",{"z":null}]'}]


def test_packed_files_are_read(tmp_path: Path) -> None:
    assert rows(write(tmp_path, gzip.compress(b'{"a": 1}\n'))) == [{"a": "1"}]


def test_batches_are_bounded(tmp_path: Path) -> None:
    path = write(tmp_path, "".join(f'{{"a": {at}}}\n' for at in range(10)))
    assert [batch.num_rows for batch in open_table(path).batches(batch_rows=4)] == [4, 4, 2]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"a": 1}\n[1, 2]\n', "line 2: not a JSON object but '[1, 2]'; write one object a line"),
        ('{"a": 1}\n{"a": \n', "line 2: not valid JSON at character 8"),
        ('{"a": 1}\n{"a": 1, "a": 2}\n', "line 2: the key 'a' stands twice."),
        ('{"a.b": 1, "a": {"b": 2}}\n', "line 1: two keys come to the column name 'a.b'"),
        (b'{"a": 1}\n{"a": "\xe9"}\n', "is not UTF-8 in line 2, byte 7 (byte 0xe9)"),
        ('{"a": "\\u0000"}\n', "line 1: the text of 'a' holds half of a character or NUL"),
        ('{"a": "\\ud800"}\n', "line 1: the text of 'a' holds half of a character or NUL"),
        ('[{"a": 1}, {"a": 2}]', "is one JSON array; write one object a line instead"),
        ('{"a": ' + "[" * 100_000 + "\n", "line 1: nested too deeply"),
        ('{"a": "' + "x" * LINE_BYTES, "line 1: longer than 8 MiB"),
        ('{"a": ' + "9" * 5_000 + "}\n{}x\n", "line 2: not valid JSON"),
        ("\n\n", "is empty; it needs one JSON object a line."),
        ("{}\n{}\n", "holds only empty objects"),
        ("".join(f'{{"k{at}": 1}}\n' for at in range(16_385)), "line 16,385: more than 16,384 different keys"),
    ],
    ids=range(14),
)
def test_bad_lines_get_a_sentence(tmp_path: Path, content: str | bytes, sentence: str) -> None:
    with pytest.raises(TableError) as caught:
        rows(write(tmp_path, content))
    assert sentence in str(caught.value)
