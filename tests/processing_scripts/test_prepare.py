from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from inference.features import load_features
from processing_scripts.prepare import main
from processing_scripts.tables import Table
from tests.support.jobs import files_of, prepare_arguments, program, write_csv

COLUMNS = ["id", "age", "job", "joined", "empty", "plan", "gain", "y"]


def table(rows: int = 200, seed: int = 1) -> list[list[object]]:
    draw = random.Random(seed)  # noqa: S311  # test data
    found: list[list[object]] = []
    for number in range(rows):
        age, job = draw.randint(18, 80), draw.choice(["clerk", " smith", "?"])
        gain = 0 if draw.random() < 0.9 else draw.randint(1, 9999)
        found.append(
            [f"u{number}", age, job, f"2024-01-{number % 28 + 1:02}", "", "basic", gain, ["no", "yes"][age > 50]]
        )
    return found


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("SM_OUTPUT_DIR", str(tmp_path / "message"))
    monkeypatch.delenv("SM_MODEL_DIR", raising=False)

    def prepare(rows: list[list[object]], *more: str, output: str = "out", columns: list[str] = COLUMNS) -> Path:
        write_csv(tmp_path / "in" / "data.csv", columns, rows)
        main(prepare_arguments(tmp_path / "in", tmp_path / output, "y", "auc", *more))
        return tmp_path / output

    return prepare


def test_outputs_hold_what_training_and_evaluation_need(run: Any) -> None:
    output = run(table(), "--data-version", "v2", "--seed", "5")
    assert sorted(files_of(output)) == [
        "features/features.json",
        "features/sample_rows.json",
        "profile/baseline.json",
        "profile/profile.json",
        "test/features-00000.parquet",
        "test/rows-00000.parquet",
        "train/features-00000.parquet",
        "validation/features-00000.parquet",
        "validation/rows-00000.parquet",
    ]
    features = load_features(output / "features" / "features.json")
    assert (features.kind, features.labels, features.data_version, features.seed) == ("binary", ("no", "yes"), "v2", 5)
    assert features.feature_names() == [
        *("age", "job=clerk", "job=smith", "job is missing", "joined days", "joined day", "joined weekday", "gain")
    ]
    train = pq.read_table(output / "train" / "features-00000.parquet")
    assert train.column_names == [*features.feature_names(), "label"]
    assert set(train.schema.types) == {pa.float32()}
    assert train.num_rows == 160
    raw = pq.read_table(output / "test" / "rows-00000.parquet")
    assert (raw.column_names, raw.num_rows) == (COLUMNS, 20)
    samples = json.loads((output / "features" / "sample_rows.json").read_text())
    assert len(samples) == 20
    assert list(samples[0]) == COLUMNS[:-1]


def test_columns_that_say_nothing_are_left_out_and_said_so(run: Any) -> None:
    profile = json.loads((run(table(), "--drop", "gain") / "profile" / "profile.json").read_text())
    assert profile["notes"] == [
        "5 rows repeat an earlier one in all that is learned from; such rows are kept in one part.",
        "The column id looks like an identifier (every row has a value of its own); it is left out.",
        "The column empty has no value in any row; it is left out.",
        "The column plan has the same value in every row; it is left out.",
        "The column gain is dropped by the problem file; it is left out.",
    ]
    assert profile["suspicions"] == [
        (
            "The column age may give y away: alone it tells 100 % of what there is to tell, on rows that it was not "
            "learned from. Drop it if it is known only afterwards."
        )
    ]
    assert profile["splits"] == {"train": 160, "validation": 20, "test": 20}
    assert sum(profile["target"]["distribution"]["classes"].values()) == profile["rows"] == 200
    by_name = {column["name"]: column for column in profile["columns"]}
    assert by_name["job"]["missing"] > 0
    assert sum(by_name["age"]["histogram"]["counts"]) == 200
    assert 18 <= by_name["age"]["min"] < by_name["age"]["quantiles"]["0.5"] < by_name["age"]["max"] <= 80


def test_the_same_table_and_seed_give_the_same_bytes_however_it_is_chunked(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = files_of(run(table(), output="whole"))
    assert files_of(run(table(), output="again")) == whole
    batches = Table.batches
    monkeypatch.setattr(Table, "batches", lambda self: batches(self, batch_rows=37))
    chunked = run(table(), output="chunked")
    small = files_of(chunked)
    for name, content in whole.items():
        if name.endswith(".json"):
            assert small[name] == content
        else:
            assert pq.read_table(chunked / name).equals(pq.read_table(pa.BufferReader(content)))


def test_only_training_rows_are_fitted(run: Any) -> None:
    rows = table()
    output = run(rows)
    test_ids = set(pq.read_table(output / "test" / "rows-00000.parquet").column("id").to_pylist())
    changed = [[*row[:1], 10_000, *row[2:6], 10**9, row[7]] if row[0] in test_ids else row for row in rows]
    again = run(changed, output="again")
    assert (again / "features" / "features.json").read_bytes() == (output / "features" / "features.json").read_bytes()
    assert files_of(again / "train") == files_of(output / "train")


def test_texts_among_numbers_are_read_as_missing_and_noted(run: Any) -> None:
    rows = table(300)
    rows[7][1] = "about 40"
    output = run(rows)
    notes = json.loads((output / "profile" / "profile.json").read_text())["notes"]
    assert any(
        "age holds numbers but for 1 cells such as 'about 40', which are read as missing" in note for note in notes
    )


def test_extra_missing_tokens_are_honoured(run: Any) -> None:
    rows = table(300)
    for row in rows[::10]:
        row[1] = -999
    features = load_features(run(rows, "--missing", "-999") / "features" / "features.json")
    assert features.columns[1].low >= 18  # type: ignore[union-attr]


def test_parquet_types_are_taken_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SM_OUTPUT_DIR", str(tmp_path / "message"))
    random_numbers = np.random.default_rng(2)
    (tmp_path / "in").mkdir()
    columns = {
        "a": random_numbers.normal(size=100).astype(np.float32),
        "b": pa.array([None if i % 7 == 0 else i % 2 == 0 for i in range(100)]),
        "c": pa.array(["x", "y"] * 50).dictionary_encode(),
        "y": random_numbers.normal(size=100),
    }
    pq.write_table(pa.table(columns), tmp_path / "in" / "data.parquet")
    main(prepare_arguments(tmp_path / "in", tmp_path / "out", "y", "rmse"))
    features = load_features(tmp_path / "out" / "features" / "features.json")
    assert (features.kind, features.labels) == ("regression", ())
    assert set(features.feature_names()) == {"a", "b=true", "b=false", "b is missing", "c=x", "c=y"}


@pytest.mark.parametrize(
    ("content", "more", "sentence"),
    [
        (None, [], "Prepare: the input does not exist"),
        ("", [], "Prepare: "),
        ("a,y\n", [], "no rows"),
        ("a,label\n" + "1,no\n2,yes\n" * 40, [], "the table has no column 'y'"),
        (",".join(f"a{n}" for n in range(20)) + "\n" + ",".join(["1"] * 20) + "\n", [], "a10, a11 and 8 more."),
        ("a,Y\n" + "1,no\n2,yes\n" * 40, [], "the table has no column 'y'; did you mean Y?"),
        ("a,y\n" + "1,no\n2,yes\n" * 5, [], "10 rows have a value in the target column y, and at least 50 are needed"),
        ("a,y\n" + "1,no\n2,no\n" * 40, [], "has one class only: every row says 'no'"),
        (
            "a,y\n" + "1,no\n2,yes\n" * 40,
            ["--kind", "regression"],
            "the metric auc does not measure a regression problem",
        ),
        ("a,y\n" + "?,no\n,yes\n" * 40, [], "no column is left to learn from: The column a has no value in any row"),
        ("a,y\n" + "1,no\n2,yes\n" * 40, ["--drop", "b"], "the table has no column 'b'"),
        ("a,y\n" + "1,no\n2,yes\n" * 40, ["--drop", "y"], "is also among the columns to drop"),
        ("a,y\n" + "1,no\n2,yes\n" * 40, ["--kind", "ranking"], "invalid choice: 'ranking'"),
        ("a,y\n" + "1,no\n2,yes\n" * 40, ["--sed", "3"], "unrecognized arguments: --sed 3"),
        ("a,y\n" + "1,no\n2,yes\n" * 40, ["--seed", "-3"], "--seed is -3"),
    ],
)
def test_data_that_cannot_be_prepared_gets_a_sentence_and_leaves_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: str | None,
    more: list[str],
    sentence: str,
) -> None:
    monkeypatch.setenv("SM_OUTPUT_DIR", str(tmp_path / "message"))
    monkeypatch.delenv("SM_MODEL_DIR", raising=False)
    if content is not None:
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "data.csv").write_text(content)
    with pytest.raises(SystemExit) as stopped:
        main(prepare_arguments(tmp_path / "in", tmp_path / "out", "y", "auc", *more))
    said = capsys.readouterr().err
    assert stopped.value.code == 1
    assert said.startswith("Prepare: ")
    assert sentence in said
    assert str(tmp_path) not in said
    assert (tmp_path / "message" / "message").read_text() + "\n" == said
    assert not (tmp_path / "out").exists()


def test_a_run_that_breaks_off_leaves_no_output(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("processing_scripts.preparing.fitted.profile", broken)
    with pytest.raises(OSError, match="disk full"):
        run(table())
    assert files_of(tmp_path / "out") == {}


def test_the_program_starts_light(tmp_path: Path) -> None:
    write_csv(tmp_path / "in" / "data.csv", COLUMNS, table())
    arguments = prepare_arguments(tmp_path / "in", tmp_path / "out", "y", "auc")
    code = (
        f"import sys; sys.argv[1:] = {arguments!r}; from processing_scripts.prepare import main; main(); "
        "print([name for name in ('pandas', 'sklearn', 'scipy', 'xgboost') if name in sys.modules])"
    )
    assert "[]" in program("timeit", "-n1", "-r1", code, environment={}).stdout.splitlines()
