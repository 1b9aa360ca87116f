from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.archive import Archive
from inference.requests import RequestError
from inference.serving import model_fn, respond, transform_fn
from tests.support.jobs import program

CSV, JSON = "text/csv", "application/json"
RECORDS = [{"size": 9.5, "colour": "red", "age": None}, {"size": 0.5, "colour": "mauve", "age": 30}]
LISTS = [[9.5, "red", None], [0.5, "mauve", 30]]
LINES = '9.5,red,\n0.5," mauve",30\n'

Archives = dict[tuple[str, str], Archive]


def predictions(archive: Archive, body: Any, content_type: str = JSON) -> list[dict[str, Any]]:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    answer, mimetype = respond(archive, text, content_type, JSON)
    assert mimetype == JSON
    found: list[dict[str, Any]] = json.loads(answer)["predictions"]
    return found


@pytest.mark.parametrize("model", ["linear", "xgboost"])
def test_the_same_rows_get_the_same_answer_in_every_form(archives: Archives, model: str) -> None:
    archive = archives["binary", model]
    expected = predictions(archive, {"instances": LISTS})
    assert predictions(archive, {"instances": RECORDS}) == expected
    assert predictions(archive, {"records": RECORDS}) == expected
    assert predictions(archive, LISTS) == expected
    assert predictions(archive, LINES, CSV) == expected
    assert predictions(archive, LINES.replace("\n", "\r\n").encode(), f"{CSV}; charset=utf-8") == expected
    assert predictions(archive, "\ufeffage,colour,size\n,red,9.5\n30,mauve,0.5\n", CSV) == expected
    assert predictions(archive, "size,colour,age,y\n9.5,red,,yes\n0.5,mauve,30,no\n", CSV) == expected
    assert [row["predicted_label"] for row in expected] == ["yes", "no"]
    assert expected[0]["score"] > 0.5 > expected[1]["score"]


def test_several_classes_get_the_probability_of_each(archives: Archives) -> None:
    first = predictions(archives["multiclass", "xgboost"], RECORDS)[0]
    assert first["predicted_label"] == "class 2" == max(first["scores"], key=first["scores"].get)
    assert sum(first["scores"].values()) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(("kind", "cells"), [("binary", 2), ("multiclass", 4), ("regression", 1)])
def test_csv_answers_have_a_line_per_row(archives: Archives, kind: str, cells: int) -> None:
    archive = archives[kind, "linear"]
    body, mimetype = respond(archive, LINES, CSV, "*/*")
    assert mimetype == CSV
    assert isinstance(body, str)
    lines = [line.split(",") for line in body.splitlines()]
    assert [len(line) for line in lines] == [cells, cells]
    told = predictions(archive, LISTS)[0]
    assert float(lines[0][-1]) == (told["scores"]["class 2"] if kind == "multiclass" else told["score"])


def test_scores_are_told_exactly(archives: Archives) -> None:
    archive = archives["regression", "xgboost"]
    matrix = np.array([archive.transform.record(row) for row in RECORDS], dtype=np.float32)
    told = np.array([row["score"] for row in predictions(archive, RECORDS)], dtype=np.float32)
    assert told.tobytes() == archive.model.scores(matrix).tobytes()


@pytest.mark.parametrize(
    ("body", "content_type", "cause"),
    [
        ("9.5,red\n", CSV, "row 1: a row has 2 cells where the model takes 3"),
        ("9.5,red,,\n", CSV, "row 1: a row has 4 cells"),
        ("1,red,2\n9.5\n", CSV, "row 2: a row has 1 cells"),
        ("size,colour,town\n1,red,x\n", CSV, "row 1: the model does not know the columns town"),
        ("size,colour\n1,red\n", CSV, "row 1: a row lacks the columns age"),
        ("size,size,age\n1,2,3\n", CSV, "the header names a column twice"),
        ("size,colour,age\n1,red\n", CSV, "row 1: a row has 2 cells under a header of 3"),
        ("red,1,2\n", CSV, "row 1: column size takes numbers, and 'red' is none"),
        ('1,"red,2\n', CSV, "the body is not CSV"),
        ("size,colour,age\n", CSV, "the body holds no rows"),
        ("", CSV, "the body holds no rows"),
        (b"\xff\xfe", CSV, "the body is not UTF-8"),
        ("{", JSON, "the body is not JSON"),
        ('{"instances": [[NaN, "red", 1]]}', JSON, "NaN is no JSON"),
        ('{"instances": []}', JSON, "the body holds no rows"),
        ('{"rows": [[1, "red", 2]]}', JSON, "the body must be"),
        ('{"instances": [3]}', JSON, "row 1 is neither a list"),
        ('{"instances": [{"size": 1}]}', JSON, "row 1: a row lacks the columns"),
        ("[" * 100_000, JSON, "the body is not JSON"),
    ],
)
def test_a_request_at_fault_is_refused_whole(
    archives: Archives, body: str | bytes, content_type: str, cause: str
) -> None:
    with pytest.raises(RequestError) as refused:
        respond(archives["binary", "linear"], body, content_type, JSON)
    assert cause in str(refused.value)
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("content_type", "accept", "status"), [("image/png", JSON, 415), ("", JSON, 415), (CSV, "x/y", 406)]
)
def test_other_media_types_have_their_own_codes(
    archives: Archives, content_type: str, accept: str, status: int
) -> None:
    with pytest.raises(RequestError) as refused:
        respond(archives["binary", "linear"], LINES, content_type, accept)
    assert refused.value.status == status


def test_the_hook_answers_a_faulty_request_itself_where_there_is_a_web_server(archives: Archives) -> None:
    answer = transform_fn(archives["binary", "linear"], "1,red\n", CSV, JSON)
    assert answer.status_code == 400
    assert "a row has 2 cells" in json.loads(answer.get_data())["error"]


def test_the_hook_raises_where_there_is_none(archives: Archives, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "werkzeug.wrappers", None)
    with pytest.raises(RequestError, match="a row has 2 cells"):
        transform_fn(archives["binary", "linear"], "1,red\n", CSV, JSON)


def test_the_code_in_the_archive_serves_its_own_samples(model_folders: dict[tuple[str, str], Path]) -> None:
    folder = model_folders["binary", "xgboost"]
    samples = json.loads((folder / "samples.json").read_text())
    assert len(samples["rows"]) == 20
    assert predictions(model_fn(str(folder)), samples["rows"]) == samples["predictions"]
    code = (
        f"import sys; sys.path.insert(0, {str(folder / 'code')!r}); import serving, inference, json; "
        f"s = json.load(open({str(folder / 'samples.json')!r})); m = serving.model_fn({str(folder)!r}); "
        f"a = serving.transform_fn(m, json.dumps(s['rows']), 'application/json', 'application/json'); "
        f"print(json.loads(a[0])['predictions'] == s['predictions'], inference.__file__)"
    )
    ran = program("timeit", "-n1", "-r1", code, environment={})
    assert ran.stdout.split()[:2] == ["True", str(folder / "code" / "inference" / "__init__.py")], ran.stderr
