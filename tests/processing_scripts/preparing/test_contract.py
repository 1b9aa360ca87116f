"""What the problem expects of its data, through the whole of Prepare."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from processing_scripts.prepare import main
from tests.processing_scripts.test_shards import prepare_in_shards
from tests.support.jobs import prepare_arguments, write_csv

COLUMNS = ["age", "job", "paid", "since", "y"]
AGE = {"age": {"type": "whole", "min": 0, "max": 120}}
Prepared = Callable[..., Path]


def table(rows: int = 300) -> list[list[object]]:
    draw = random.Random(8)  # noqa: S311 - test data
    found: list[list[object]] = []
    for row in range(rows):
        age = draw.randint(18, 80)
        found.append([age, draw.choice(["clerk", "smith"]), round(draw.gauss(9, 3), 4), f"2024-01-{row % 28 + 1:02}",
                      "yes" if age + draw.gauss(0, 9) > 50 else "no"])  # fmt: skip
    return found


def arguments(tmp_path: Path, contract: dict[str, Any], personal: Sequence[str] = ()) -> list[str]:
    return [f"--settings={json.dumps({'contract': contract, 'personal': list(personal)})}"]


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Prepared:
    monkeypatch.setenv("SM_OUTPUT_DIR", str(tmp_path / "message"))
    monkeypatch.delenv("SM_MODEL_DIR", raising=False)

    def prepare(rows: Sequence[Sequence[object]], contract: dict[str, Any], personal: Sequence[str] = ()) -> Path:
        write_csv(tmp_path / "in" / "data.csv", COLUMNS, rows)
        words = arguments(tmp_path, contract, personal)
        main(prepare_arguments(tmp_path / "in", tmp_path / "out", "y", "auc", *words))
        return tmp_path / "out"

    return prepare


def test_data_that_keeps_the_contract_is_prepared(prepared: Prepared) -> None:
    rows = table()
    rows[5][0] = ""
    expected = {
        **AGE,
        "job": {"values": ["clerk", "smith"], "missing": 0},
        "paid": {"type": "number", "missing": 0.1},
        "since": {"type": "date"},
        "y": {"type": "boolean"},
    }
    output = prepared(rows, {"columns": expected, "only": True})
    profile = json.loads((output / "profile" / "profile.json").read_text())
    assert profile["contract"] == {"rows": 300, "rejected": 0, "broken": []}
    assert (output / "profile" / "rejected.csv").read_text() == "row,broken,age,job,paid,since,y\n"


@pytest.mark.parametrize(
    ("cell", "place", "expected", "sentence"),
    [
        (130, 0, AGE, "age is above 120: row 8 ('130'). 1 of 300 rows break it."),
        ("-1", 0, AGE, "age is below 0: row 8 ('-1')"),
        ("41.5", 0, AGE, "age is no whole number: row 8 ('41.5')"),
        ("old", 0, AGE, "age is no number: row 8 ('old')"),
        ("king", 1, {"job": {"values": ["clerk", "smith"]}}, "job is none of clerk, smith: row 8 ('king')"),
        ("soon", 3, {"since": {"type": "date"}}, "since is no date: row 8 ('soon')"),
        ("maybe", 4, {"y": {"type": "boolean"}}, "y is no boolean: row 8 ('maybe')"),
        ("", 1, {"job": {"missing": 0.003}}, "job is missing in 1 of 300 rows, more than 0.3%"),
        ("", 1, {"jab": {}}, "the table breaks the contract: it lacks the columns jab (did you mean job?)."),
    ],
)
def test_a_breach_is_named_with_its_row_and_column(
    prepared: Prepared,
    capsys: pytest.CaptureFixture[str],
    cell: object,
    place: int,
    expected: dict[str, Any],
    sentence: str,
) -> None:
    rows = table()
    rows[7][place] = cell
    with pytest.raises(SystemExit):
        prepared(rows, {"columns": expected})
    assert sentence in capsys.readouterr().err


def test_a_column_that_is_not_expected_is_named(prepared: Prepared, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        prepared(table(), {"columns": {**AGE, "y": {}, "job": {}}, "only": True})
    assert "it has the columns paid, since, which are not expected." in capsys.readouterr().err


def test_rows_may_be_set_aside_and_are_written_and_counted(prepared: Prepared) -> None:
    rows = table()
    rows[7][0], rows[7][1], rows[200][0] = 130, "king, of\nfools", "old"
    contract = {"columns": {**AGE, "job": {"values": ["clerk", "smith"]}}, "bad_rows": "set_aside"}
    output = prepared(rows, contract, ["age"])
    with (output / "profile" / "rejected.csv").open(newline="") as file:
        written = list(csv.reader(file))
    assert written[1:] == [
        ["8", "age is above 120; job is none of clerk, smith", "•••", *map(str, rows[7][1:])],
        ["201", "age is no number", "•••", *map(str, rows[200][1:])],
    ]
    profile = json.loads((output / "profile" / "profile.json").read_text())
    assert (profile["rows"], profile["contract"]["rejected"]) == (298, 2)
    assert profile["notes"][:2] == [
        "2 of 300 rows break the contract and were set aside (rejected.csv).",
        "Contract: age is above 120: row 8 ('•••').",
    ]
    sizes = [pq.read_table(path).num_rows for path in output.glob("*/features-*.parquet")]
    assert sum(sizes) == 298


def test_more_bad_rows_than_may_be_set_aside_fail(prepared: Prepared, capsys: pytest.CaptureFixture[str]) -> None:
    rows = table()
    for row in rows[10:20]:
        row[0] = 200
    with pytest.raises(SystemExit):
        prepared(rows, {"columns": AGE, "bad_rows": "set_aside"})
    said = capsys.readouterr()
    assert "age is above 120: row 11 ('200'), row 12 ('200'), row 13 ('200') and 7 more. 10 of 300 rows" in said.err
    assert "rejected" not in "".join(str(path) for path in Path().glob("out/**"))


def test_shards_reject_what_one_host_rejects(tmp_path: Path, prepared: Prepared) -> None:
    rows = table()
    rows[7][0], rows[170][0], rows[299][0] = 130, "old", -4
    contract = {"columns": AGE, "bad_rows": "set_aside", "most_set_aside": 0.1}
    one = prepared(rows, contract)
    for part in range(3):
        write_csv(tmp_path / "parts" / f"{part}.csv", COLUMNS, rows[part * 100 : part * 100 + 100])
    many = prepare_in_shards(tmp_path / "parts", 2, tmp_path / "many", "auc", *arguments(tmp_path, contract))
    for name in ("profile/rejected.csv", "features/features.json"):
        assert (many / "merged" / name).read_text() == (one / name).read_text()
    together = [
        row
        for path in sorted((many / "out" / "train").glob("features-*.parquet"))
        for row in pq.read_table(path).to_pylist()
    ]
    assert together == pq.read_table(one / "train" / "features-00000.parquet").to_pylist()
