from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from processing_scripts.drifting.baseline import Baseline, CategoricalBaseline, NumericBaseline
from processing_scripts.drifting.captured import read_captured
from tests.support.captured import captured_key, captured_line

BASELINE = Baseline(
    names=("id", "size", "colour"),
    target="outcome",
    missing_tokens=frozenset({"", "?"}),
    columns=(
        NumericBaseline("size", 9, 0, frozenset(), np.array([1.0]), np.array([1.0])),
        CategoricalBaseline("colour", 9, 0, {"red": 9}, 0),
    ),
)
ROWS = [["a", 1.5, "red"], ["b", 2, "new, here"]]


def put(folder: Path, *lines: str, number: int = 0) -> None:
    path = folder / captured_key("live", number)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("names", [None, BASELINE.names], ids=["by position", "by name"])
@pytest.mark.parametrize("encoding", ["CSV", "JSON", "BASE64"])
def test_rows_are_read_in_each_encoding(tmp_path: Path, encoding: str, names: Any) -> None:
    put(tmp_path, captured_line(ROWS, encoding, names=names))
    found = read_captured(tmp_path, BASELINE)
    assert (found.rows, found.requests, found.files, found.unreadable) == (2, 1, 1, 0)
    assert [float(cell) for cell in found.cells["size"]] == [1.5, 2.0]
    assert found.cells["colour"] == ["red", "new, here"]
    assert "id" not in found.cells


def test_the_newest_file_comes_first_and_times_are_noted(tmp_path: Path) -> None:
    put(tmp_path, captured_line([["a", 1, "red"]], moment="2026-11-20T10:00:00Z"), number=1)
    put(tmp_path, captured_line([["a", 2, "red"]], moment="2026-11-20T11:00:00Z"), number=2)
    found = read_captured(tmp_path, BASELINE)
    assert found.cells["size"] == ["2", "1"]
    assert found.times == ["2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z"]


def body(**changes: Any) -> str:
    given = {"observedContentType": "text/csv", "data": "a,1,red", "encoding": "CSV", **changes}
    return json.dumps({"captureData": {"endpointInput": given}})


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        "[" * 100_000,
        "[]",
        '{"captureData": {}}',
        '{"captureData": null}',
        body(data="a,1"),
        body(data=None),
        body(encoding="BASE64", data="not base64!"),
        body(encoding="BASE64", data="//8="),
        body(observedContentType="application/x-recordio"),
        body(observedContentType="application/json", encoding="JSON", data='{"instances": [{"other": 1}]}'),
        body(observedContentType="application/json", encoding="JSON", data='{"instances": [7]}'),
        body(data='"never closed'),
    ],
)
def test_what_no_model_takes_is_counted_and_left_aside(tmp_path: Path, line: str) -> None:
    put(tmp_path, line, captured_line(ROWS))
    found = read_captured(tmp_path, BASELINE)
    assert (found.requests, found.unreadable, found.rows) == (2, 1, 2)


def test_metadata_that_is_none_does_no_harm(tmp_path: Path) -> None:
    record = {**json.loads(captured_line(ROWS)), "eventMetadata": "x"}
    put(tmp_path, json.dumps(record), json.dumps({**record, "eventMetadata": {"inferenceTime": "x" * 99}}))
    found = read_captured(tmp_path, BASELINE)
    assert (found.rows, found.times) == (4, ["", ""])


def test_files_of_other_kinds_are_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / "0abc.tar.gz").write_bytes(b"\x1f\x8b")
    assert read_captured(tmp_path, BASELINE).files == 0
