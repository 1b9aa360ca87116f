"""Prepare in shards, as three kinds of programs on several hosts, beside Prepare on one."""

from __future__ import annotations

import csv
import json
import random
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from processing_scripts.fit_shard import main as fit_shard
from processing_scripts.merge_fits import main as merge_fits
from processing_scripts.prepare import main as prepare
from processing_scripts.transform_shard import main as transform_shard
from tests.support.jobs import files_of, prepare_arguments, write_csv

COLUMNS = ["size", "colour", "note", "y"]
SPLITS = ("train", "validation", "test")


def table(folder: Path, kind: str, files: int = 5) -> Path:
    """A table in several files of different length, the columns of some in another order."""
    draw = random.Random(4)  # noqa: S311 - a table, not a secret
    for number in range(files):
        rows = []
        for row in range(40 + 7 * number):
            size, colour = draw.gauss(0, 3), draw.choice(["red", "green", "blue", "?", f"rare {row % 9}"])
            outcome = size + draw.gauss(0, 1)
            y = f"{outcome:.4f}" if kind == "regression" else ["no", "yes"][outcome + (colour == "red") > 0]
            rows.append(["n/a" if draw.random() < 0.1 else f"{size:.3f}", colour, "same", y])
        order = [2, 0, 3, 1] if number % 2 else [0, 1, 2, 3]
        shuffled = [[row[place] for place in order] for row in rows]
        write_csv(folder / f"part-{number}.csv", [COLUMNS[place] for place in order], shuffled)
    return folder


def shards(data: Path, hosts: int, folder: Path) -> list[Path]:
    """What each host gets of the files."""
    found = [folder / f"host-{number}" for number in range(hosts)]
    for number, path in enumerate(sorted(data.iterdir())):
        target = found[number % hosts]
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    for host in found:
        host.mkdir(parents=True, exist_ok=True)
    return found


def prepare_in_shards(data: Path, hosts: int, folder: Path, metric: str, *more: str) -> Path:
    """Run the three steps; where hosts write below one folder their files have names of their own."""
    given = shards(data, hosts, folder / "in")
    for host in given:
        fit_shard(prepare_arguments(host, folder / "fitted", "y", metric, *more))
    merge_fits(prepare_arguments(folder / "fitted" / "parts", folder / "merged", "y", metric, *more))
    for host in reversed(given):
        arguments = prepare_arguments(host, folder / "out", "y", metric, *more)
        transform_shard([*arguments, "--plan", str(folder / "merged")])
    return folder


@pytest.fixture(autouse=True)
def _messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SM_OUTPUT_DIR", str(tmp_path / "message"))
    monkeypatch.delenv("SM_MODEL_DIR", raising=False)


@pytest.mark.parametrize(
    ("kind", "metric", "hosts"), [("binary", "auc", 2), ("regression", "rmse", 3), ("binary", "auc", 7)]
)
def test_shards_give_to_the_byte_what_one_host_gives(tmp_path: Path, kind: str, metric: str, hosts: int) -> None:
    data = table(tmp_path / "data", kind)
    prepare(prepare_arguments(data, tmp_path / "one", "y", metric, "--kind", kind, "--raw"))
    many = prepare_in_shards(data, hosts, tmp_path / "many", metric, "--kind", kind, "--raw")

    one = files_of(tmp_path / "one")
    merged = files_of(many / "merged")
    for name in ("features/features.json", "features/sample_rows.json"):
        assert merged[name] == one[name]
    assert without_rounding(merged["profile/profile.json"]) == without_rounding(one["profile/profile.json"])
    for split in SPLITS:
        whole = pq.read_table(tmp_path / "one" / split / "features-00000.parquet")
        parts = [pq.read_table(path) for path in sorted((many / "out" / split).glob("features-*.parquet"))]
        assert len(parts) == 5
        assert whole.num_rows > 10
        together = [cell for part in parts for cell in part.to_pylist()]
        assert together == whole.to_pylist()
    raw = [row for path in sorted((many / "out" / "test").glob("rows-*")) for row in pq.read_table(path).to_pylist()]
    assert raw == pq.read_table(tmp_path / "one" / "test" / "rows-00000.parquet").to_pylist()
    lines = [path.read_bytes() for path in sorted((many / "out" / "raw_test").glob("*.csv"))]
    assert b"".join(lines) == one["raw_test/rows-00000.csv"]
    learned = sorted((many / "out" / "raw_train").glob("*.parquet"))
    assert [row for path in learned for row in pq.read_table(path).to_pylist()] == pq.read_table(
        tmp_path / "one" / "raw_train" / "rows-00000.parquet"
    ).to_pylist()


def test_shards_encode_by_the_target_as_one_host_does(tmp_path: Path) -> None:
    draw = random.Random(5)  # noqa: S311 - a table, not a secret
    columns = ["town", "day", "price", "y"]
    for number in range(4):
        rows = [
            [f"t{draw.randrange(70)}", f"{row % 28 + 1}.{row % 12 + 1}.2024", f"{draw.gauss(5000, 900):,.2f}", y]
            for row, y in enumerate(draw.choices(["no", "yes"], k=150))
        ]
        write_csv(tmp_path / "data" / f"part-{number}.csv", columns, [*rows, *rows[:20]])
    prepare(prepare_arguments(tmp_path / "data", tmp_path / "one", "y", "auc"))
    many = prepare_in_shards(tmp_path / "data", 3, tmp_path / "many", "auc")
    features = (many / "merged" / "features" / "features.json").read_text()
    assert features == (tmp_path / "one" / "features" / "features.json").read_text()
    assert [column["type"] for column in json.loads(features)["columns"]] == ["encoded", "date", "numeric"]
    for split in SPLITS:
        whole = pq.read_table(tmp_path / "one" / split / "features-00000.parquet")
        parts = [pq.read_table(path) for path in sorted((many / "out" / split).glob("features-*.parquet"))]
        assert [cell for part in parts for cell in part.to_pylist()] == whole.to_pylist()


def without_rounding(profile: bytes) -> object:
    return json.loads(profile, parse_float=lambda text: round(float(text), 9))


def said(tmp_path: Path) -> str:
    return (tmp_path / "message" / "message").read_text()


def test_a_file_that_was_not_fitted_or_has_changed_is_named(tmp_path: Path) -> None:
    data = table(tmp_path / "data", "binary")
    many = prepare_in_shards(data, 1, tmp_path / "many", "auc")
    arguments = prepare_arguments(data, tmp_path / "again", "y", "auc")
    with (data / "part-1.csv").open("a", newline="") as file:
        csv.writer(file).writerow(["same", "1.0", "no", "red"])
    with pytest.raises(SystemExit):
        transform_shard([*arguments, "--plan", str(many / "merged")])
    assert said(tmp_path).startswith("TransformShards: a file has 48 rows now and had 47 when it was fitted")
    assert files_of(tmp_path / "again") == {}

    (data / "part-1.csv").rename(data / "part-9.csv")
    with pytest.raises(SystemExit):
        transform_shard([*arguments, "--plan", str(many / "merged")])
    assert said(tmp_path).startswith("TransformShards: part-9.csv was not there when the table was fitted")


def test_files_with_other_columns_are_named(tmp_path: Path) -> None:
    data = table(tmp_path / "data", "binary", files=2)
    write_csv(data / "part-2.csv", ["size", "y"], [[number, "no"] for number in range(30)])
    with pytest.raises(SystemExit):
        prepare_in_shards(data, 3, tmp_path / "many", "auc")
    assert said(tmp_path).startswith("MergeFits: part-2.csv has other columns than part-0.csv (colour, note); every")


def test_no_file_at_all_is_said_by_the_host_that_merges(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "many" / "fitted" / "parts").mkdir(parents=True)
    with pytest.raises(SystemExit):
        prepare_in_shards(tmp_path / "data", 2, tmp_path / "many", "auc")
    assert said(tmp_path).startswith("MergeFits: no host has found a file of the table")


def test_rows_prepared_like_earlier_ones_keep_what_was_fitted_then(tmp_path: Path) -> None:
    data = table(tmp_path / "data", "binary")
    prepare(prepare_arguments(data, tmp_path / "first", "y", "auc"))
    newer = table(tmp_path / "newer", "binary", files=2)
    like = str(tmp_path / "first" / "features" / "features.json")
    prepare(prepare_arguments(newer, tmp_path / "second", "y", "auc", "--like", like, "--data-version", "v2"))

    first, second = (
        json.loads((tmp_path / name / "features" / "features.json").read_text()) for name in ("first", "second")
    )
    assert second == {**first, "data_version": "v2"}
    names = pq.read_table(tmp_path / "second" / "train" / "features-00000.parquet").column_names
    assert names == pq.read_table(tmp_path / "first" / "train" / "features-00000.parquet").column_names

    with pytest.raises(SystemExit):
        prepare(prepare_arguments(newer, tmp_path / "third", "size", "rmse", "--like", like))
    assert said(tmp_path).startswith("Prepare: this data has the kind")
