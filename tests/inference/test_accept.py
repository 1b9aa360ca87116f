from __future__ import annotations

import pytest

from inference.accept import wanted
from inference.formats.table import RequestError
from inference.media_types import CSV, JSON, JSON_LINES, NPY, PARQUET


def chosen(accept: str, content_type: str = CSV) -> str:
    return wanted(accept, "", content_type, "binary").type


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", CSV),
        ("*/*", CSV),
        (JSON, JSON),
        ("Application/JSON; charset=utf-8", JSON),
        (f"{CSV};q=0.2, {JSON};q=0.3", JSON),
        (f"{CSV}, {JSON}", CSV),
        (f"{JSON}, {CSV}", JSON),
        (f"*/*, {CSV};q=0", JSON),
        (f"application/*;q=0.5, {JSON};q=0, text/*;q=0.1", JSON_LINES),
        ("image/png, */*;q=0.1", CSV),
        ("application/x-ndjson", JSON_LINES),
        (f"{NPY}, nonsense", NPY),
        (f"{JSON};q=high, {CSV};q=0.1", CSV),
    ],
)
def test_the_type_that_is_wanted_most_is_chosen(accept: str, expected: str) -> None:
    assert chosen(accept) == expected


@pytest.mark.parametrize("content_type", [JSON, JSON_LINES, NPY])
def test_without_a_wish_the_answer_is_like_the_request(content_type: str) -> None:
    assert chosen("*/*", content_type) == content_type


def test_parquet_is_answered_in_json() -> None:
    assert chosen("*/*", PARQUET) == JSON


@pytest.mark.parametrize(
    ("accept", "kind", "members"),
    [
        (JSON, "binary", ("predicted_label", "score")),
        (JSON, "multiclass", ("predicted_label", "scores")),
        (JSON, "regression", ("score",)),
        (NPY, "multiclass", ("scores",)),
        (f"{JSON};output=scores", "binary", ("scores",)),
        (f'{JSON}; output="scores+predicted_label"; q=0.5', "binary", ("scores", "predicted_label")),
        (f"{JSON};explain=contributions", "regression", ("score", "explanation")),
        (f"{CSV};Output=Score;EXPLAIN=true", "multiclass", ("score", "explanation")),
    ],
)
def test_parameters_say_what_is_told_of_a_row(accept: str, kind: str, members: tuple[str, ...]) -> None:
    assert wanted(accept, "", CSV, kind).members == members


def test_custom_attributes_say_the_same_and_anything_else() -> None:
    found = wanted("", "trace=7f; output=scores , explain=contributions;user", JSON, "binary")
    assert found.members == ("scores", "explanation")
    assert wanted(f"{JSON};output=score", "output=scores", JSON, "binary").members == ("score",)


def test_csv_gets_a_header_where_it_is_asked_for() -> None:
    assert wanted(f"{CSV};header=present", "", JSON, "binary").header
    assert not wanted(CSV, "", JSON, "binary").header


@pytest.mark.parametrize(
    ("accept", "cause"),
    [
        ("image/png", "the answer type image/png is not served"),
        (f"{JSON};q=0", "is not served"),
        (f"{JSON};output=odds", "output=odds is not served; this model tells predicted_label, score, scores"),
        (f"{JSON};explain=please", "ask for explain=contributions"),
        (f"{NPY};output=predicted_label+score", "ask for output=predicted_label alone"),
        ('"' * 5000, "is not served"),
        ("a" * 100_000, "is not served"),
    ],
)
def test_what_cannot_be_answered_is_refused(accept: str, cause: str) -> None:
    with pytest.raises(RequestError, match=cause) as refused:
        wanted(accept, "", CSV, "binary")
    assert refused.value.status == 406


def test_a_regression_model_has_no_labels() -> None:
    with pytest.raises(RequestError, match="this model tells score, explanation"):
        wanted(f"{JSON};output=predicted_label", "", JSON, "regression")
