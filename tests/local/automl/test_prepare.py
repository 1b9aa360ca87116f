"""What is made of raw rows: problem types, columns, held-out rows; and rows that nothing can be made of."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from inference.columns import Categorical, Ignored, Numeric
from inference.features import load_features
from inference.job import JobError
from local.automl.families import FAMILIES, proposals
from local.automl.prepare import prepare

ROWS = [
    {
        "size": "" if place % 10 == 0 else f"{place / 7:.3f}",
        "colour": ("red", "green", "blue")[place % 3] if place % 9 else "?",
        "name": f"person {place}",
        "same": "1",
        "y": "yes" if place % 4 == 0 else "no",
    }
    for place in range(100)
]


def text(rows: list[dict[str, str]]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def job(folder: Path, files: dict[str, bytes | str], **plan: Any) -> Path:
    """A job's folder with its rows; the part before the slash of a file's name is its channel's number."""
    for name, content in files.items():
        path = folder / "input" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    channel = {"name": "training", "parquet": plan.pop("parquet", False), "packed": plan.pop("packed", False)}
    given = {"target": "y", "problem_type": None, "metric": None, "fraction": 0.2, "seed": 7, "channels": [channel]}
    (folder / "plan.json").write_text(json.dumps({**given, **plan}))
    return folder


def prepared(folder: Path) -> tuple[Any, Any]:
    with np.load(folder / "prepared" / "train.npz") as train, np.load(folder / "prepared" / "validation.npz") as held:
        return dict(train), dict(held)


def test_columns_become_features_by_what_their_cells_are(tmp_path: Path) -> None:
    prepare(job(tmp_path, {"0/a.csv": text(ROWS)}))

    features = load_features(tmp_path / "prepared" / "features.json")
    assert (features.kind, features.labels) == ("binary", ("no", "yes"))
    size, colour, name, same = features.columns
    assert isinstance(size, Numeric)
    assert size.indicator
    assert isinstance(colour, Categorical)
    assert sorted(colour.levels) == ["blue", "green", "red"]
    assert colour.missing
    assert isinstance(name, Ignored)
    assert isinstance(same, Ignored)
    train, held = prepared(tmp_path)
    assert (len(train["labels"]), len(held["labels"])) == (80, 20)
    assert held["labels"].mean() == train["labels"].mean() == 0.25  # classes in the same shares
    assert train["features"].dtype == np.float32
    # What is learned is learned of the rows to train on alone.
    assert train["features"][:, 0].mean() == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        (["a", "b", "c"], "multiclass"),
        ([str(number % 5) for number in range(100)], "multiclass"),
        ([str(number) for number in range(100)], "regression"),
        ([f"{number % 7}.5" for number in range(100)], "regression"),
        (["0", "1"], "binary"),
    ],
)
def test_the_problem_type_is_inferred(tmp_path: Path, target: list[str], kind: str) -> None:
    rows = [{**row, "y": target[place % len(target)]} for place, row in enumerate(ROWS)]
    prepare(job(tmp_path, {"0/a.csv": text(rows)}))
    assert load_features(tmp_path / "prepared" / "features.json").kind == kind


def test_packed_files_and_parquet_give_the_same_rows(tmp_path: Path) -> None:
    columns = {name: [row[name] for row in ROWS] for name in ROWS[0]}
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    found = []
    kinds: dict[str, dict[str, bytes | str]] = {
        "plain": {"0/a.csv": text(ROWS[:40]), "0/b.csv": text(ROWS[40:])},
        "packed": {"0/a.csv.gz": gzip.compress(text(ROWS).encode())},
        "parquet": {"0/a.parquet": buffer.getvalue()},
    }
    for kind, files in kinds.items():
        folder = tmp_path / kind
        flags = {"packed": kind == "packed", "parquet": kind == "parquet"}
        prepare(job(folder, files, **flags))
        found.append(prepared(folder))
    for train, held in found[1:]:
        np.testing.assert_array_equal(train["features"], found[0][0]["features"])
        np.testing.assert_array_equal(held["labels"], found[0][1]["labels"])


def test_a_validation_channel_is_what_candidates_are_scored_on(tmp_path: Path) -> None:
    plain = {"parquet": False, "packed": False}
    channels = [{"name": "training", **plain}, {"name": "validation", **plain}]
    prepare(job(tmp_path, {"0/a.csv": text(ROWS[:70]), "1/b.csv": text(ROWS[70:])}, channels=channels))
    train, held = prepared(tmp_path)
    assert (len(train["labels"]), len(held["labels"])) == (70, 30)


@pytest.mark.parametrize(
    ("files", "plan", "sentence"),
    [
        ({"0/a.csv": text(ROWS)}, {"target": "z"}, "the rows have no column 'z'; they have size, colour"),
        ({"0/a.csv": text(ROWS[:8])}, {}, "7 rows to train on and 1 to score on are too few"),
        ({"0/a.csv": ""}, {}, "the input holds no file with anything in it."),
        ({"0/a.csv": text(ROWS), "0/b.csv": "x,y\n1,2\n"}, {}, "b.csv does not have the columns of a.csv"),
        ({"0/a.csv": "x,x,y\n1,2,3\n"}, {}, "the column 'x' is there twice"),
        ({"0/a.csv": "x,y\n1,2,3\n"}, {}, "a.csv cannot be read:"),
        ({"0/a.csv": b"PAR1 no table"}, {"parquet": True}, "a.csv cannot be read:"),
        ({"0/a.csv": text(ROWS)}, {"packed": True}, "a.csv cannot be read:"),
        ({"0/a.csv": text(ROWS)}, {"problem_type": "Regression", "metric": "MSE"}, "the target of a regression must"),
        ({"0/a.csv": text(ROWS)}, {"metric": "RMSE"}, "the objective RMSE is none of BinaryClassification"),
    ],
)
def test_rows_that_nothing_can_be_made_of_are_told_apart(
    tmp_path: Path, files: dict[str, bytes | str], plan: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(JobError) as caught:
        prepare(job(tmp_path, files, **plan))
    assert str(caught.value).startswith(sentence)
    assert not (tmp_path / "prepared").exists()


def test_proposals_are_the_same_for_a_seed_and_the_families_take_turns() -> None:
    names = list(FAMILIES)
    first, again = (list(proposals(names, 12, seed=7)) for _ in range(2))
    assert first == again
    assert [each.family for each in first[:6]] == [*names, names[0]]
    assert dict(first[0].settings) == dict(FAMILIES["xgboost"].first)
    assert len({json.dumps(dict(each.settings)) for each in first if each.family == "xgboost"}) == 3
    other = list(proposals(names, 12, seed=8))
    assert other[5].settings != first[5].settings
    for proposal in first[len(names) :]:
        for name, value in proposal.settings.items():
            low, high = FAMILIES[proposal.family].ranges[name]
            assert low <= value <= high
            assert isinstance(value, int) == isinstance(low, int)
