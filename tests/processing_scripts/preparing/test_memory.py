from __future__ import annotations

import json
import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from processing_scripts.prepare import main
from processing_scripts.preparing import described, source, splitting, writing
from processing_scripts.preparing.splitting import draw
from processing_scripts.tables import Table
from tests.support.jobs import files_of, prepare_arguments, write_csv

ROWS = 1_000


def prepared(folder: Path, name: str) -> Path:
    if not (folder / "in").exists():
        draws = random.Random(3)  # noqa: S311 - test data
        rows = [[draws.gauss(0, 1), draws.choice(["a", "b", ""]), at % 2, at % 2 + draws.random() / 9, "ny"[at % 2]]
                for at in range(ROWS)]  # fmt: skip
        write_csv(folder / "in" / "data.csv", ["size", "kind", "round", "closing sum", "y"], rows)
    main(prepare_arguments(folder / "in", folder / name, "y", "auc"))
    return folder / name


@pytest.fixture(autouse=True)
def _message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SM_OUTPUT_DIR", str(tmp_path / "message"))


@pytest.mark.parametrize("text_bytes", [0, 1 << 40])
def test_what_is_kept_in_memory_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text_bytes: int
) -> None:
    kept = files_of(prepared(tmp_path, "kept"))
    monkeypatch.setattr(source, "KEPT_BYTES", 1_000)
    monkeypatch.setattr(splitting, "_PIECE", 7)
    monkeypatch.setattr(Table, "text_bytes", lambda _: text_bytes)
    assert files_of(prepared(tmp_path, "read again")) == kept


def test_small_batches_share_a_row_group_and_hold_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches = Table.batches
    monkeypatch.setattr(Table, "batches", lambda self: batches(self, batch_rows=100))
    name = "train/features-00000.parquet"
    gathered = pq.ParquetFile(prepared(tmp_path, "gathered") / name)
    monkeypatch.setattr(writing, "GATHERED_BYTES", 0)
    at_once = pq.ParquetFile(prepared(tmp_path, "at once") / name)
    assert (gathered.num_row_groups, at_once.num_row_groups) == (1, 10)
    assert gathered.read().equals(at_once.read())


def test_of_many_rows_some_tell_a_leak_among_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(described, "MOST_DRAWN", ROWS // 4)
    profile = json.loads((prepared(tmp_path, "out") / "profile" / "profile.json").read_text())
    # Rows of the two classes alternate, so that every fourth row would be of one class.
    assert [leak["column"] for leak in profile["leaks"]] == ["round", "closing sum"]
    assert profile["drifts"] == []
    histogram = next(each for each in profile["columns"] if each["name"] == "size")["histogram"]
    assert sum(histogram["counts"]) == ROWS


def test_draws_do_not_depend_on_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = draw(5, 100).tolist()
    monkeypatch.setattr(splitting, "_PIECE", 9)
    assert draw(5, 100).tolist() == whole
