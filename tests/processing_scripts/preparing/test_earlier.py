"""Features of an earlier model, wherever they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

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
