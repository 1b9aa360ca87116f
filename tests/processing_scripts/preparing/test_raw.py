"""What AutoML gets of a table: typed cells of the used columns for the search, lines without a header to predict."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.parquet as pq

from processing_scripts.prepare import main
from tests.support.jobs import files_of, prepare_arguments, write_csv

COLUMNS = ["size", "code", "constant", "note", "y"]


def prepared(folder: Path, rows: list[list[object]], metric: str = "auc", *, raw: bool = True) -> Path:
    write_csv(folder / "in" / "data.csv", COLUMNS, rows)
    arguments = prepare_arguments(folder / "in", folder / "out", "y", metric, "--missing=-999")
    main([*arguments, *(["--raw"] if raw else [])])
    return folder / "out"


def rows(kind: str) -> list[list[object]]:
    found: list[list[object]] = []
    for number in range(120):
        size: object = ["-999", " 7.5 ", "?", number][number % 4]
        code = ["red", " green ", "two\nlines", ""][number % 4 if number % 3 else 0]
        y = f"{number / 8:.3f}" if kind == "regression" else ["No", "Yes"][number % 5 == 0]
        found.append([size, code, "same", f"note {number}", y])
    return found


def lines(folder: Path) -> list[list[str]]:
    with (folder / "raw_test" / "rows-00000.csv").open(newline="") as file:
        return list(csv.reader(file))


def test_rows_to_learn_from_hold_the_used_columns_and_the_target_last(tmp_path: Path) -> None:
    output = prepared(tmp_path, rows("binary"))
    for split in ("train", "validation"):
        table = pq.read_table(output / f"raw_{split}" / "rows-00000.parquet")
        assert table.num_rows == pq.read_table(output / split / "features-00000.parquet").num_rows
        assert [(field.name, str(field.type)) for field in table.schema] == [
            ("size", "double"),
            ("code", "string"),
            ("y", "string"),
        ]
        assert set(table.column("y").to_pylist()) == {"No", "Yes"}
        assert set(table.column("code").to_pylist()) <= {"red", "green", "two lines", None}
    sizes = pq.read_table(output / "raw_train" / "rows-00000.parquet").column("size").to_pylist()
    assert None in sizes
    assert 7.5 in sizes
    assert -999 not in sizes, "the problem says that it means a missing cell"


def test_rows_to_predict_are_lines_of_the_same_cells_without_the_target(tmp_path: Path) -> None:
    output = prepared(tmp_path, rows("binary"))
    raw = pq.read_table(output / "test" / "rows-00000.parquet").to_pylist()
    expected = [
        [
            "" if row["size"].strip() in ("-999", "?") else str(float(row["size"])),
            " ".join(row["code"].split()),
        ]
        for row in raw
    ]
    assert lines(output) == expected
    text = (output / "raw_test" / "rows-00000.csv").read_text()
    assert len(text.splitlines()) == len(raw), "batch transform tells rows apart by lines"


def test_a_regressions_target_is_a_number_as_it_stands(tmp_path: Path) -> None:
    output = prepared(tmp_path, rows("regression"), "rmse")
    found = [
        value
        for split in ("train", "validation")
        for value in pq.read_table(output / f"raw_{split}" / "rows-00000.parquet").column("y").to_pylist()
    ]
    assert set(found) <= {float(f"{number / 8:.3f}") for number in range(120)}
    assert str(pq.read_schema(output / "raw_train" / "rows-00000.parquet").field("y").type) == "double"


def test_rows_without_a_target_are_left_out(tmp_path: Path) -> None:
    given = rows("binary")
    for row in given[:10]:
        row[-1] = ""
    output = prepared(tmp_path, given)
    learned = sum(
        pq.read_table(output / f"raw_{split}" / "rows-00000.parquet").num_rows for split in ("train", "validation")
    )
    assert learned + len(lines(output)) == 110


def test_without_being_asked_nothing_of_it_is_written(tmp_path: Path) -> None:
    output = prepared(tmp_path, rows("binary"), raw=False)
    assert not [name for name in files_of(output) if name.startswith("raw")]
