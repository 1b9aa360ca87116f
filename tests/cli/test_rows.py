from __future__ import annotations

import json

import pytest

from cli import rows
from cli.errors import CommandError
from cli.rows import CSV, JSON, LINES, bodies, kind_of, merged


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", b"", CSV),
        ("a.TSV", b"", CSV),
        ("a.jsonl", b"", LINES),
        ("a.json", b"", JSON),
        ("-", b'{"a": 1}\n{"a": 2}\n', LINES),
        ("-", b'{"instances": [[1]]}', JSON),
        ("rows", b"[[1]]", JSON),
        ("rows.data", b"1,2\n", CSV),
    ],
)
def test_a_files_type_is_told_by_its_name_or_its_beginning(name: str, content: bytes, kind: str) -> None:
    assert kind_of(name, content) == kind


def test_any_separator_becomes_a_comma() -> None:
    ((body, kind),) = bodies('\ufeffa;b\n"1,5";x\n'.encode(), CSV)
    assert (body, kind) == ('a,b\n"1,5",x\n', CSV)


def test_a_large_table_is_sent_in_parts_each_with_its_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "_CHUNK_BYTES", 12)
    found = [body for body, _ in bodies(b"a,b\n" + b"1,2\n" * 7, CSV)]
    assert [body.count("1,2\n") for body in found] == [3, 3, 1]
    assert all(body.startswith("a,b\n1,2\n") for body in found)


def test_json_lines_become_instances_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "_CHUNK_BYTES", 20)
    found = [json.loads(body)["instances"] for body, _ in bodies(b'{"a": 1}\n\n{"a": 2}\n{"a": 3}\n', LINES)]
    assert found == [[{"a": 1}, {"a": 2}], [{"a": 3}]]


def test_answers_to_parts_become_one() -> None:
    assert merged(["x,1\n", "y,2"], CSV) == "x,1\ny,2\n"
    assert json.loads(merged(['{"predictions": [1]}', '{"predictions": [2, 3]}'], JSON)) == {"predictions": [1, 2, 3]}
    assert merged(['{"anything": 1}'], JSON) == '{"anything": 1}\n'


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (b"  \n", CSV, "no rows"),
        (b"\xff\xfe1", CSV, "not UTF-8"),
        (b'{"a": 1}\n{"a"\n', LINES, "Line 2 of the file is not JSON"),
        (b"[" + b"1," * (4 << 20), JSON, "Write it as JSON Lines"),
        (b'a;"b\n', CSV, "not CSV"),
    ],
)
def test_what_cannot_be_sent_is_said(content: bytes, kind: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        list(bodies(content, kind))
