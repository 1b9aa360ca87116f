from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inference.accept import wanted
from inference.answers import answers
from inference.archive import Archive
from inference.formats.table import RequestError
from inference.handler import Request
from inference.media_types import CSV, JSON, JSON_LINES, NPY
from inference.outputs import Writer
from inference.predict import LinearModel, load_source
from tests.inference.test_rows import features

ROWS = json.dumps([[9.5, "red", None], [0.5, "mauve", 30], [4, "blue", 20]])
KINDS = [(kind, model) for kind in ("binary", "multiclass", "regression") for model in ("linear", "xgboost")]
Archives = dict[tuple[str, str], Archive]


def answer(archive: Archive, accept: str, attributes: str = "", body: str = ROWS) -> Any:
    reply = archive.handler.answer(Request(body, JSON, accept, attributes))
    assert reply.type == accept.partition(";")[0]
    if reply.type == NPY:
        assert isinstance(reply.body, bytes)
        return np.load(io.BytesIO(reply.body))
    assert isinstance(reply.body, str)
    if reply.type == JSON:
        return json.loads(reply.body)["predictions"]
    lines = reply.body.splitlines()
    return [json.loads(line) for line in lines] if reply.type == JSON_LINES else [line.split(",") for line in lines]


@pytest.mark.parametrize("key", KINDS)
def test_every_format_tells_the_same(archives: Archives, key: tuple[str, str]) -> None:
    archive = archives[key]
    told = answer(archive, JSON)
    assert answer(archive, JSON_LINES) == told
    flat = list(map(_values, told))
    assert [[_number(cell) for cell in line] for line in answer(archive, CSV)] == flat
    numbers = [[cell for cell in row if not isinstance(cell, str)] for row in flat]
    array = answer(archive, NPY)
    assert array.dtype == np.float32
    assert array.reshape(3, -1).tolist() == np.array(numbers, dtype=np.float32).tolist()


@pytest.mark.parametrize("key", KINDS)
def test_contributions_of_the_raw_columns_add_up_to_the_margin(archives: Archives, key: tuple[str, str]) -> None:
    archive = archives[key]
    for row in answer(archive, f"{JSON};explain=contributions"):
        why = row["explanation"]
        assert set(why["contributions"]) == {"size", "colour", "age"}
        margin = why["baseline"] + sum(why["contributions"].values())
        if key[0] == "regression":
            assert margin == pytest.approx(row["score"], rel=1e-4, abs=1e-4)
        elif key[0] == "binary":
            assert 1 / (1 + np.exp(-margin)) == pytest.approx(row["score"], abs=1e-5)
        else:
            assert max(row["scores"].values()) == row["scores"][row["predicted_label"]]
    biggest = answer(archive, f"{JSON};explain=contributions")[0]["explanation"]["contributions"]
    assert abs(biggest["size"]) > abs(biggest["age"])


def test_several_classes_are_explained_by_the_predicted_one(archives: Archives) -> None:
    archive = archives["multiclass", "linear"]
    told = answer(archive, f"{JSON};explain=contributions")
    first = told[0]
    matrix = np.array([archive.transform.values(json.loads(ROWS)[0])], dtype=np.float32)
    source = load_source(archive.folder, archive.features)
    assert isinstance(source, LinearModel)
    margins = source.contributions(matrix)[0].sum(axis=1)
    why = first["explanation"]
    assert why["baseline"] + sum(why["contributions"].values()) == pytest.approx(margins.max(), rel=1e-4)


def test_custom_attributes_ask_for_explanations_too(archives: Archives) -> None:
    archive = archives["binary", "xgboost"]
    assert answer(archive, JSON, "id=4,explain=contributions") == answer(archive, f"{JSON};explain=contributions")


def test_members_come_in_the_order_in_which_they_were_asked_for(archives: Archives) -> None:
    archive = archives["binary", "xgboost"]
    row = answer(archive, f"{JSON};output=scores+predicted_label")[0]
    assert list(row) == ["scores", "predicted_label"]
    assert list(row["scores"]) == ["no", "yes"]
    assert sum(row["scores"].values()) == pytest.approx(1)
    header, *lines = answer(archive, f"{CSV};output=predicted_label+scores+explanation;header=present")
    assert header == ["predicted_label", "no", "yes", "baseline", "size", "colour", "age"]
    assert [len(line) for line in lines] == [7, 7, 7]
    labels = [row["predicted_label"] for row in answer(archive, JSON)]
    assert answer(archive, f"{NPY};output=predicted_label").tolist() == labels
    assert answer(archive, f"{JSON};output=predicted_label")[0] == {"predicted_label": "yes"}
    assert answer(archives["multiclass", "xgboost"], f"{JSON};output=score")[0]["score"] > 1 / 3


def test_a_large_request_answers_as_its_rows_do(archives: Archives) -> None:
    archive = archives["binary", "xgboost"]
    rows = json.loads(ROWS) * 300
    for accept in (JSON, f"{JSON};explain=contributions"):
        assert answer(archive, accept, body=json.dumps(rows)) == answer(archive, accept) * 300
    steps = archive.handler.steps(Request(json.dumps(rows), JSON, JSON))
    assert sum(1 for _ in steps) == 4


def test_the_label_is_that_of_the_threshold_that_travels_with_the_model() -> None:
    careful = replace(features(), threshold=float(np.float32(0.2)))
    scores = np.array([0.1, 0.2, 0.3, 0.5], dtype=np.float32)
    for fitted, expected in ((features(), ["no", "no", "no", "yes"]), (careful, ["no", "yes", "yes", "yes"])):
        told = json.loads(
            Writer(fitted, wanted(JSON, "", CSV, "binary"), []).whole(
                [Writer(fitted, wanted(JSON, "", CSV, "binary"), []).part(scores)]
            )
        )["predictions"]
        assert [row["predicted_label"] for row in told] == expected
        assert answers(fitted, scores) == told
        lines = [Writer(fitted, wanted(CSV, "", CSV, "binary"), []).part(scores[row : row + 1]) for row in range(4)]
        assert [line.partition(",")[0] for line in lines] == expected


def test_labels_and_columns_with_any_character_stay_whole() -> None:
    fitted = features()
    odd = type(fitted)(**{**vars(fitted), "labels": ('100% "no", or\nnot', "ja\u2028")})
    form = wanted(f"{JSON};output=predicted_label+scores+explanation", "", CSV, "binary")
    writer = Writer(odd, form, ["a %s", "b"])
    one = np.ones(1, dtype=np.float32)
    part = writer.part(one * np.float32(0.25), (one, np.ones((1, 2), dtype=np.float32)))
    row = json.loads(writer.whole([part]))["predictions"][0]
    assert row["predicted_label"] == '100% "no", or\nnot'
    assert list(row["scores"]) == list(odd.labels)
    assert row["explanation"]["contributions"] == {"a %s": 1.0, "b": 1.0}


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("rows", [1, 2])
def test_no_answer_holds_what_is_no_number(value: float, rows: int) -> None:
    writer = Writer(features(), wanted(JSON, "", CSV, "binary"), [])
    with pytest.raises(RequestError, match="not a finite number") as refused:
        writer.part(np.full(rows, value, dtype=np.float32))
    assert refused.value.status == 500


def _values(row: dict[str, Any]) -> list[Any]:
    return [cell for value in row.values() for cell in (value.values() if isinstance(value, dict) else [value])]


def _number(cell: str) -> Any:
    try:
        return float(cell)
    except ValueError:
        return cell
