from __future__ import annotations

import json

import pytest

from pipeline import placeholders
from pipeline.placeholders import PlaceholderError, fill, mark, mark_address, names, seal


def sealed(value: object) -> str:
    return seal(json.dumps(value))


def test_a_marked_placeholder_is_sealed_under_its_fixed_name() -> None:
    assert sealed([f"s3://{mark(placeholders.ARTIFACT_BUCKET)}/x"]) == '["s3://${ArtifactBucket}/x"]'


def test_a_placeholder_for_a_whole_address_stands_alone() -> None:
    marked = mark_address(placeholders.CODE_URI)
    assert marked.startswith("s3://")
    assert sealed([marked]) == '["${CodeUri}"]'


def test_text_that_looks_like_a_placeholder_survives_filling() -> None:
    text = sealed(["${CodeUri}", "$", "${", mark(placeholders.CODE_URI), "a${b}c"])
    assert names(text) == ["CodeUri"]
    assert json.loads(fill(text, {"CodeUri": "s3://b/k"})) == ["${CodeUri}", "$", "${", "s3://b/k", "a${b}c"]


def test_values_are_written_as_json() -> None:
    text = sealed([mark(placeholders.CODE_FILE)])
    assert json.loads(fill(text, {"CodeFile": 'a"b\\c\n'})) == ['a"b\\c\n']


def test_every_missing_value_is_named_at_once() -> None:
    text = sealed([mark(name) for name in placeholders.subnets(2)])
    with pytest.raises(PlaceholderError) as caught:
        fill(text, {})
    assert str(caught.value) == (
        "The definition has placeholders without a value: ${PrivateSubnet1}, ${PrivateSubnet2}. "
        "Give a value for each of them."
    )
    assert caught.value.missing == ("PrivateSubnet1", "PrivateSubnet2")


def test_values_that_are_not_asked_for_are_ignored() -> None:
    assert fill("[]", {"Other": "x"}) == "[]"


def test_there_is_one_subnet_for_each_zone() -> None:
    assert placeholders.subnets(3) == ["PrivateSubnet1", "PrivateSubnet2", "PrivateSubnet3"]
