"""Splits that the problem asks for, through the whole of Prepare."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from processing_scripts.prepare import main
from tests.support.jobs import files_of, prepare_arguments, write_csv

COLUMNS = ["when", "who", "part", "size", "y"]
Prepared = Callable[..., Path]


def table(rows: int = 300) -> list[list[object]]:
    draw = random.Random(5)  # noqa: S311 - test data
    found: list[list[object]] = []
    for row in range(rows):
        part = ["train", "Test", "validation", "train"][row % 4]
        day = draw.randrange(365)
        when = f"2023-{day // 31 + 1:02}-{day % 28 + 1:02}"
        size = round(draw.gauss(0, 1), 6)
        found.append([when, f"p{draw.randrange(60)}", part, size, "yes" if size + draw.gauss(0, 1) > 0 else "no"])
    return found


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Prepared:
    monkeypatch.setenv("SM_OUTPUT_DIR", str(tmp_path / "message"))
    monkeypatch.delenv("SM_MODEL_DIR", raising=False)

    def prepare(rows: Sequence[Sequence[object]], output: str = "out", **settings: Any) -> Path:
        write_csv(tmp_path / "in" / "data.csv", COLUMNS, rows)
        words = [f"--settings={json.dumps(settings)}"] if settings else []
        main(prepare_arguments(tmp_path / "in", tmp_path / output, "y", "auc", *words))
        return tmp_path / output

    return prepare


def held(output: Path, split: str, column: str) -> list[Any]:
    return list(pq.read_table(output / split / "rows-00000.parquet").column(column).to_pylist())


def notes(output: Path) -> list[str]:
    return list(json.loads((output / "profile" / "profile.json").read_text())["notes"])


def test_the_latest_rows_are_tested_on(prepared: Prepared) -> None:
    rows = table()
    rows[3][0] = ""
    output = prepared(rows, split={"by": "time", "column": "when"})
    validated, tested = held(output, "validation", "when"), held(output, "test", "when")
    assert max(validated) < min(tested)
    trained = sorted(str(row[0]) for row in rows if row[0] and row[0] < min(validated))
    assert pq.read_table(output / "train" / "features-00000.parquet").num_rows == len(trained)
    assert "1 rows have no time in when and were left out." in notes(output)


def test_a_group_is_in_one_part_and_nothing_is_learned_from_its_name(prepared: Prepared) -> None:
    rows = table()
    output = prepared(rows, split={"by": "group", "column": "who", "test": 0.2})
    validated, tested = set(held(output, "validation", "who")), set(held(output, "test", "who"))
    assert not validated & tested
    elsewhere = [row for row in rows if row[1] not in validated | tested]
    assert pq.read_table(output / "train" / "features-00000.parquet").num_rows == len(elsewhere)
    assert 45 <= len(held(output, "test", "who")) <= 60
    assert "The column who names the group that a row is split by; it is left out." in notes(output)


def test_a_column_says_the_part(prepared: Prepared) -> None:
    output = prepared(table(), split={"by": "column", "column": "part"})
    assert set(held(output, "test", "part")) == {"Test"}
    assert len(held(output, "validation", "part")) == 75
    assert "The column part says which part a row is in; it is left out." in notes(output)


def test_a_training_row_that_a_test_row_repeats_is_left_out(prepared: Prepared) -> None:
    rows = table()
    rows[0] = [*rows[1][:2], "train", *rows[1][3:]]
    output = prepared(rows, split={"by": "column", "column": "part"})
    assert pq.read_table(output / "train" / "features-00000.parquet").num_rows == 149
    assert "1 rows were left out, since a row that is validated or tested on repeats them." in notes(output)


def test_rows_that_repeat_stay_in_one_part_unless_asked(prepared: Prepared) -> None:
    rows = [*table(), *table()]
    together = prepared(rows)
    sizes = held(together, "test", "size")
    assert all(sizes.count(size) == 2 for size in sizes)
    assert not set(sizes) & set(held(together, "validation", "size"))
    assert "300 rows repeat an earlier one in all that is learned from; such rows are kept in one part." in notes(
        together
    )
    apart = held(prepared(rows, "apart", split={"duplicates": "apart"}), "test", "size")
    assert any(apart.count(size) == 1 for size in apart)


@pytest.mark.parametrize("split", [{"by": "time", "column": "when"}, {"by": "group", "column": "who"}, {}])
def test_a_split_does_not_depend_on_chunks(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch, split: dict[str, Any]
) -> None:
    from processing_scripts.tables import Table  # noqa: PLC0415

    rows = [*table(), *table(100)]
    whole = files_of(prepared(rows, "whole", split=split))
    batches = Table.batches
    monkeypatch.setattr(Table, "batches", lambda self: batches(self, batch_rows=29))
    small = prepared(rows, "small", split=split)
    assert files_of(small / "features") == {
        name.removeprefix("features/"): content for name, content in whole.items() if name.startswith("features/")
    }
    for part in ("validation", "test"):
        assert held(small, part, "size") == held(small.parent / "whole", part, "size")


@pytest.mark.parametrize(
    ("change", "split", "sentence"),
    [
        ({2: "holdout"}, {"by": "column", "column": "part"}, "the column part says 'holdout', and must say train, val"),
        ({2: "train"}, {"by": "column", "column": "part"}, "no row is left to validate on: let part say validation"),
        ({1: "me"}, {"by": "group", "column": "who"}, "there are too few groups in who"),
        ({0: "01/02/2023"}, {"by": "time", "column": "when"}, "cannot be split by the time in when: it "),
        ({}, {"duplicates": "together"}, "Write `duplicates: apart` under `split`"),
        (
            {},
            {"by": "time", "column": "then"},
            "the table has no column 'then', which `split.column` names; did you mean when?",
        ),
        ({}, {"by": "time", "column": "y"}, "cannot be split by the target column y"),
    ],
)
def test_a_split_that_cannot_be_made_is_said(
    prepared: Prepared,
    capsys: pytest.CaptureFixture[str],
    change: dict[int, object],
    split: dict[str, Any],
    sentence: str,
) -> None:
    rows = table()
    for row in rows:
        for place, cell in change.items():
            row[place] = cell
    if "duplicates" in split:
        rows = [["", "", "", len(str(row[4])), row[4]] for row in rows]
    with pytest.raises(SystemExit):
        prepared(rows, split=split)
    assert sentence in capsys.readouterr().err
