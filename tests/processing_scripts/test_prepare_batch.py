"""Rows to score in batch, brought into the form that AutoML's models take."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from processing_scripts.prepare import main as prepare
from processing_scripts.prepare_batch import main
from tests.support.jobs import files_of, prepare_arguments, write_csv

COLUMNS = ["id", "size", "code", "y"]


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What Prepare has fitted, beside an empty folder of rows."""
    monkeypatch.setenv("SM_OUTPUT_DIR", str(tmp_path / "message"))
    monkeypatch.delenv("SM_MODEL_DIR", raising=False)
    rows = [[f"u{n}", n % 7, ["red", "green"][n % 2], ["no", "yes"][n % 3 == 0]] for n in range(120)]
    write_csv(tmp_path / "table" / "data.csv", COLUMNS, rows)
    prepare(prepare_arguments(tmp_path / "table", tmp_path / "in", "y", "auc"))
    (tmp_path / "in" / "data").mkdir()
    return tmp_path


def lines(root: Path, *more: str) -> dict[str, bytes]:
    main(["--input", str(root / "in" / "data"), "--output", str(root / "out"), *more])
    return files_of(root / "out" / "rows")


def test_each_file_becomes_lines_in_the_models_columns(given: Path) -> None:
    data = given / "in" / "data"
    write_csv(data / "a.csv", ["code", "y", "size", "extra"], [[" red", "yes", "3", "x"], ["?", "no", "", "y"]])
    write_csv(data / "more" / "b.csv", ["size", "code"], [["1e1", "new, here"]])
    pq.write_table(pa.table({"code": ["green"], "size": pa.array([None], pa.int64())}), data / "c.parquet")
    assert lines(given) == {
        "a.csv": b"3.0,red\n,\n",
        "c.parquet.csv": b",green\n",
        "more/b.csv": b'10.0,"new, here"\n',
    }


def test_a_separator_that_the_problem_names_is_used(given: Path) -> None:
    (given / "in" / "data" / "a.csv").write_text("size|code\n1|a;b;c\n")
    assert lines(given, "--delimiter", "|") == {"a.csv": b"1.0,a;b;c\n"}


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("size\n1\n", "the rows lack the column code."),
        ("size,code\nmuch,red\n", "column size takes numbers, and 'much' is none."),
        (None, "there are no rows at BatchInputUri"),
    ],
)
def test_rows_that_cannot_be_scored_are_refused_whole(given: Path, rows: Any, sentence: str) -> None:
    if rows is not None:
        (given / "in" / "data" / "a.csv").write_text("size,code\n1,red\n")
        (given / "in" / "data" / "b.csv").write_text(rows)
    with pytest.raises(SystemExit):
        lines(given)
    assert sentence in (given / "message" / "message").read_text()
    assert not files_of(given / "out")
