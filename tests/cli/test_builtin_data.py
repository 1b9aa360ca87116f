from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import datasets

from cli.builtin_data import content_key, materialise
from config import load_problem
from config.problem import BUILTIN_DATA
from processing_scripts.tables import open_table

LOADERS: dict[str, tuple[Any, dict[str, Any]]] = {
    "breast_cancer": (datasets.load_breast_cancer, {}),
    "diabetes": (datasets.load_diabetes, {"scaled": False}),
    "digits": (datasets.load_digits, {}),
}


def read(name: str, folder: Path) -> dict[str, list[str]]:
    path = folder / f"{name}.csv"
    path.write_bytes(materialise(name))
    (batch,) = open_table(path).batches()
    columns: dict[str, list[str]] = batch.to_pydict()
    return columns


@pytest.mark.parametrize("name", BUILTIN_DATA)
def test_the_numbers_are_scikit_learns(name: str, tmp_path: Path) -> None:
    columns = read(name, tmp_path)
    target = load_problem(name).target
    assert list(columns)[-1] == target
    loader, options = LOADERS[name]
    values = np.array([columns[column] for column in list(columns)[:-1]], dtype=np.float64).T
    loaded = loader(**options)
    assert np.array_equal(values, loaded.data)
    if name == "breast_cancer":
        assert list(columns)[:-1] == [str(each).replace(" ", "_") for each in loaded.feature_names]


@pytest.mark.parametrize("name", BUILTIN_DATA)
def test_the_bytes_are_the_same_every_time(name: str) -> None:
    assert materialise(name) == materialise(name)


def test_labels_are_words(tmp_path: Path) -> None:
    assert Counter(read("breast_cancer", tmp_path)["diagnosis"]) == {"malignant": 212, "benign": 357}


def test_whole_numbers_have_no_fraction(tmp_path: Path) -> None:
    columns = read("digits", tmp_path)
    assert columns["digit"][:3] == ["0", "1", "2"]
    assert columns["pixel_0_2"][0] == "5"


def test_keys_tell_the_data_sets_apart() -> None:
    assert len({content_key(name) for name in BUILTIN_DATA}) == len(BUILTIN_DATA)
    assert content_key("digits") == content_key("digits")
