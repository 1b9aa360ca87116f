"""The containers before and behind Neo's own image: together with its contract, they answer as the model's endpoint."""

from __future__ import annotations

import io
import json
from typing import Any

import flask
import numpy as np
import pytest

from inference import postprocessing, preprocessing
from inference.archive import Archive
from inference.columns import Numeric
from inference.formats.table import RequestError
from inference.handler import Request
from inference.hooks import of_exact_type
from inference.postprocessing import Postprocessing
from inference.preprocessing import Preprocessing
from local.hosting.worker import neo
from tests.inference.test_rows import features

CSV, JSON = "text/csv", "application/json"
LINES = '9.5,red,\n0.5," mauve",30\n4,blue,20\n'
KINDS = ("binary", "multiclass", "regression")
Archives = dict[tuple[str, str], Archive]


def scored(archive: Archive, text: str, kind: str) -> str:
    """What Neo's image answers to features, of the archive's own model: numpy writes it there."""
    scores = archive.model.scores(neo._rows(text.encode(), kind))
    file = io.StringIO()
    np.savetxt(file, scores.reshape(1, -1) if scores.ndim == 1 else scores, delimiter=",", newline="\n")
    return file.getvalue()


def around(archive: Archive, body: str | bytes, kind: str = CSV, accept: str = JSON, attributes: str = "") -> Any:
    text, made = Preprocessing(archive.features).answer(body, kind)
    assert isinstance(text, str)
    return Postprocessing(archive.features).answer(scored(archive, text, made), CSV, accept, attributes)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "accept",
    [CSV, JSON, "application/jsonlines", "application/x-npy", "text/csv;header=present", f"{JSON};output=score"],
)
def test_the_answer_is_that_of_the_model_alone_byte_for_byte(archives: Archives, kind: str, accept: str) -> None:
    archive = archives[kind, "xgboost"]
    many = LINES * 300
    for body in (LINES, "9.5,red,\n", many):
        assert around(archive, body, accept=accept) == archive.handler.answer(Request(body, CSV, accept))


def test_rows_come_in_every_format_and_custom_attributes_count(archives: Archives) -> None:
    archive = archives["binary", "xgboost"]
    records = json.dumps({"records": [{"size": 9.5, "colour": "red", "age": None}]})
    wanted = archive.handler.answer(Request("9.5,red,\n", CSV, JSON, "output=scores"))
    assert around(archive, records, JSON, attributes="output=scores") == wanted


def test_features_arrive_with_every_bit(archives: Archives) -> None:
    archive = archives["binary", "xgboost"]
    draw = np.random.default_rng(5)
    rows = draw.integers(0, 2**32, 4_000, dtype=np.uint32).view(np.float32).reshape(-1, 4)
    rows[~np.isfinite(rows)] = np.nan
    made = Preprocessing(archive.features)
    made._line = ",".join(["%.9g"] * 4)
    found = neo._rows("\n".join(made._lines(rows)).encode(), CSV)
    same = (found.view(np.uint32) == rows.view(np.uint32)) | (np.isnan(found) & np.isnan(rows))
    assert same.all()


def test_one_feature_is_written_so_that_nobody_has_to_guess_what_separates_cells() -> None:
    alone = features((Numeric("age", median=40.0, low=17.0, high=90.0, mean=0.0, deviation=1.0, indicator=False),))
    text, kind = Preprocessing(alone).answer("20\n30\n", CSV)
    assert (text, kind) == ("0:20\n0:30\n", "text/libsvm")
    assert neo._rows(str(text).encode(), kind).tolist() == [[20.0], [30.0]]


@pytest.mark.parametrize(
    ("body", "kind", "status", "said"),
    [
        ("9.5,red\n", CSV, 400, "row 1: a row has 2 cells where the model takes 3"),
        ("", CSV, 400, "the body holds no rows"),
        ("9.5,red,1", "text/plain", 415, "the content type text/plain is not served"),
    ],
)
def test_rows_are_refused_as_the_model_alone_refuses_them(
    archives: Archives, body: str, kind: str, status: int, said: str
) -> None:
    archive = archives["binary", "xgboost"]
    refused = []
    for ask in (lambda: around(archive, body, kind), lambda: archive.handler.answer(Request(body, kind, JSON))):
        with pytest.raises(RequestError, match=said) as caught:
            ask()
        refused.append((caught.value.status, str(caught.value)))
    assert refused[0] == refused[1]
    assert refused[0][0] == status


def test_more_than_neos_server_takes_is_refused_before_it_is_sent_there(
    archives: Archives, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preprocessing, "MOST_BYTES", 6_000)
    with pytest.raises(RequestError, match="256 rows make more than 6,000 bytes of features or answers") as caught:
        around(archives["binary", "xgboost"], LINES * 300)
    assert caught.value.status == 413


def test_what_needs_the_features_is_refused_with_the_reason(archives: Archives) -> None:
    with pytest.raises(RequestError, match="Neo's own image, which explains nothing") as caught:
        around(archives["binary", "xgboost"], LINES, accept=f"{JSON};explain=contributions")
    assert caught.value.status == 406


@pytest.mark.parametrize("answer", ["", "Internal Server Error", "0.5,0.25\n", "1,2,3,4\n"])
def test_what_is_no_scores_is_told_as_neos_failure(archives: Archives, answer: str) -> None:
    with pytest.raises(RequestError, match="are no scores of this model") as caught:
        Postprocessing(archives["multiclass", "xgboost"].features).answer(answer, CSV, JSON)
    assert caught.value.status == 500


def test_the_server_in_the_image_adds_no_character_set_to_the_features(archives: Archives) -> None:
    """Neo's image compares the type as it stands."""
    archive = archives["binary", "xgboost"]
    with flask.Flask(__name__).test_request_context():
        made = flask.make_response(preprocessing.transform_fn(Preprocessing(archive.features), LINES, CSV, JSON))
        assert (made.status_code, made.headers["Content-Type"]) == (200, CSV)
        assert flask.make_response(of_exact_type(("0:1\n", "text/libsvm"))).headers["Content-Type"] == "text/libsvm"


def test_the_hooks_are_those_of_script_mode(archives: Archives) -> None:
    folder = archives["binary", "xgboost"].folder
    for name, hooks in (("preprocessing", preprocessing), ("postprocessing", postprocessing)):
        assert f"from inference.{name} import *" in (folder / "code" / f"{name}.py").read_text()
        loaded: Any = hooks.model_fn(str(folder))
        refused = hooks.transform_fn(loaded, b"\xff", CSV, JSON)
        assert json.loads(refused.get_data())["error"] == "the body is not UTF-8 text (byte 1)."
        assert refused.status_code == 400
