"""Features of an earlier model, wherever they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from inference.bulk import BulkTransform
from inference.features import Features, load_features
from inference.job import JobError
from processing_scripts.prepare import main as prepare
from processing_scripts.preparing.earlier import earlier_features
from tests.support.jobs import pack, prepare_arguments, write_csv


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with features.json, as a model's archive has it."""
    root = tmp_path_factory.mktemp("earlier")
    random = np.random.default_rng(3)
    rows = [[value, "yes" if value > 0 else "no"] for value in random.normal(size=60).round(3).tolist()]
    write_csv(root / "in" / "data.csv", ["a", "y"], rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SM_OUTPUT_DIR", str(root / "output"))
        prepare(prepare_arguments(root / "in", root / "out", "y", "auc"))
    return root / "out" / "features"


@pytest.fixture
def features(model: Path) -> Features:
    return load_features(model / "features.json")


def test_a_file_a_folder_and_an_archive_hold_the_same(model: Path, features: Features, tmp_path: Path) -> None:
    pack(model, tmp_path / "input" / "model.tar.gz")
    for path in (model / "features.json", model, tmp_path / "input" / "model.tar.gz", tmp_path / "input"):
        assert earlier_features(path) == features


def test_one_of_two_archives_must_be_chosen(model: Path, tmp_path: Path) -> None:
    for name in ("a.tar.gz", "b.tar.gz"):
        pack(model, tmp_path / name)
    with pytest.raises(JobError, match=r"there are several earlier models \(a\.tar\.gz, b\.tar\.gz\); name one\."):
        earlier_features(tmp_path)


def test_what_is_no_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(JobError, match=r"the earlier model: features\.json cannot be read: No such file"):
        earlier_features(tmp_path)
    (tmp_path / "model.tar.gz").write_bytes(b"no archive")
    with pytest.raises(JobError, match=r"the earlier model: model\.tar\.gz cannot be unpacked"):
        earlier_features(tmp_path)


def test_rows_that_continue_earlier_ones_become_what_the_earlier_model_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SM_OUTPUT_DIR", str(tmp_path / "message"))
    draw = np.random.default_rng(4)
    for name, towns in (("old", ["Ulm", "Bonn"]), ("new", ["Bonn", "Ulm", "Jena"])):
        rows = [[towns[at % len(towns)], size, "yes" if size > 0 else "no"] for at, size in
                enumerate(draw.normal(size=120).round(3).tolist())]  # fmt: skip
        write_csv(tmp_path / name / "data.csv", ["town", "size", "y"], rows)
    prepare(prepare_arguments(tmp_path / "old", tmp_path / "first", "y", "auc"))
    like = tmp_path / "first" / "features" / "features.json"
    prepare(prepare_arguments(tmp_path / "new", tmp_path / "second", "y", "auc", "--like", str(like)))
    raw = pq.read_table(tmp_path / "second" / "test" / "rows-00000.parquet")
    expected = BulkTransform(load_features(like)).matrix({name: raw[name] for name in ("town", "size")}, raw.num_rows)
    table = pq.read_table(tmp_path / "second" / "test" / "features-00000.parquet")
    assert table.column_names == ["town=Bonn", "town=Ulm", "size", "label"]
    assert np.stack([table[name].to_numpy() for name in table.column_names[:-1]], axis=1).tolist() == expected.tolist()
