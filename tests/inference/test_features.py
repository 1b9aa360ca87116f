from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inference.columns import Categorical, FeaturesError, Numeric
from inference.features import features_from_json, load_features
from tests.inference.test_rows import features


def test_features_survive_their_file(tmp_path: Path) -> None:
    path = tmp_path / "features.json"
    path.write_text(json.dumps(features().to_json()))
    assert load_features(path) == features()


def test_a_threshold_survives_to_the_last_bit_and_is_half_where_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "features.json"
    third = replace(features(), threshold=0.3333333432674408)
    path.write_text(json.dumps(third.to_json()))
    assert load_features(path) == third
    assert "threshold" not in features().to_json()
    assert features_from_json(features().to_json()).threshold == 0.5


@pytest.mark.parametrize("threshold", [-0.1, 1.5, "0.5", None, True])
def test_a_threshold_that_is_none_is_refused(threshold: object) -> None:
    with pytest.raises(FeaturesError, match="threshold is no number from 0 to 1"):
        features_from_json({**features().to_json(), "threshold": threshold})


def test_feature_names_are_unique_and_never_the_label() -> None:
    columns = (
        Numeric("label", 0, 0, 1, 0, 1),
        Categorical("a", ("b=c",)),
        Categorical("a=b", ("c",)),
    )
    assert features(columns).feature_names() == ["label (2)", "a=b=c", "a=b=c (2)"]


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"format_version": 3}, "format version 3, this code reads up to 2"),
        ({"kind": "ranking"}, "kind is 'ranking'"),
        ({"labels": ["yes"]}, "1 labels do not fit a binary problem"),
        ({"labels": "yes"}, "labels is not a list"),
        ({"target": 3}, "target is not text"),
        ({"columns": None}, "columns or seed"),
        ({"columns": []}, "no feature of any column"),
        ({"columns": [3]}, r"columns\[0\] is not a column with a name"),
        ({"columns": [{"name": "a", "type": "sound"}]}, "the type 'sound', which this version does not know"),
        ({"columns": [{"name": "a", "type": "numeric"}]}, r"columns\[0\] \(a\) cannot be used"),
        ({"columns": [{"name": "a", "type": "categorical", "levels": ["x", "x"]}]}, "a level twice"),
        ({"columns": [{"name": "a", "type": "categorical", "levels": ["x"]}] * 2}, "names a column twice"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_cause(change: dict[str, Any], cause: str) -> None:
    with pytest.raises(FeaturesError, match=cause):
        features_from_json({**features().to_json(), **change})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "1", None])
def test_numbers_that_are_not_finite_are_refused(value: Any) -> None:
    raw = features().to_json()
    raw["columns"][1]["mean"] = value
    with pytest.raises(FeaturesError, match=r"columns\[1\] \(age\) cannot be used"):
        features_from_json(raw)


@pytest.mark.parametrize(("content", "cause"), [("{", "is not JSON"), ("[]", "does not hold an object")])
def test_a_file_that_is_no_json_object_is_refused(tmp_path: Path, content: str, cause: str) -> None:
    path = tmp_path / "features.json"
    path.write_text(content)
    with pytest.raises(FeaturesError, match=cause):
        load_features(path)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FeaturesError, match=r"features\.json cannot be read: No such file"):
        load_features(tmp_path / "features.json")
