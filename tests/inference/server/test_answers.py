from __future__ import annotations

import gzip
import json

import pytest

from inference.archive import Archive
from inference.handler import Request
from tests.inference.server.conftest import ROW, Running

JSON, CSV = "application/json", "text/csv"


def test_the_server_answers_as_the_handler_does(server: Running, archives: dict[tuple[str, str], Archive]) -> None:
    status, headers, body = server.ask(Accept=f"{JSON};output=scores")
    expected = archives["binary", "xgboost"].handler.answer(Request(ROW, CSV, f"{JSON};output=scores"))
    assert (status, headers["content-type"], body.decode()) == (200, JSON, expected.body)


def test_custom_attributes_reach_the_handler(server: Running) -> None:
    _, _, body = server.ask(Accept=JSON, X_Amzn_SageMaker_Custom_Attributes="explain=contributions")
    assert "explanation" in json.loads(body)["predictions"][0]


def test_a_large_body_is_answered_whole_and_in_order(server: Running) -> None:
    rows = [[place / 1000, ["red", "blue", "green"][place % 3], None] for place in range(9000)]
    status, _, body = server.ask(json.dumps(rows).encode(), JSON)
    assert status == 200
    found = json.loads(body)["predictions"]
    assert len(found) == 9000
    for place in (0, 255, 256, 8999):
        assert json.loads(server.ask(json.dumps([rows[place]]).encode(), JSON)[2])["predictions"] == [found[place]]


@pytest.mark.parametrize(
    ("body", "kind", "accept", "status", "cause"),
    [
        (b"9.5,red\n", CSV, CSV, 400, "row 1: a row has 2 cells where the model takes 3"),
        (b"9.5,red,1,2\n", CSV, CSV, 400, "row 1: a row has 4 cells where the model takes 3"),
        (b"9.5,red,1\n9.5,red\n", CSV, CSV, 400, "row 2: a row has 2 cells where the model takes 3"),
        (b"size,colour,town\n1,red,x\n", CSV, CSV, 400, "does not know the columns town"),
        (b"big,red,1\n", CSV, CSV, 400, "column size takes numbers, and 'big' is none"),
        (b'[[NaN, "red", 1]]', JSON, JSON, 400, "NaN is no JSON"),
        (b'[[Infinity, "red", 1]]', JSON, JSON, 400, "Infinity is no JSON"),
        (b"\xff\xfe", CSV, CSV, 400, "not UTF-8"),
        (b"", CSV, CSV, 400, "holds no rows"),
        (b"", JSON, JSON, 400, "not JSON"),
        (b"<a/>", "text/xml", CSV, 415, "the content type text/xml is not served"),
        (ROW, CSV, "image/png", 406, "the answer type image/png is not served"),
    ],
)
def test_bad_input_gets_a_sentence(
    server: Running, body: bytes, kind: str, accept: str, status: int, cause: str
) -> None:
    found, sentence = server.error(body, kind, Accept=accept)
    assert found == status
    assert cause in sentence
    assert "Traceback" not in sentence


def test_numbers_beyond_all_bounds_are_answered_with_numbers(server: Running) -> None:
    for cell in ("1e999", "-1e999", "1" * 400, "1e308"):
        status, _, body = server.ask(f'[[{cell}, "red", {cell}]]'.encode(), JSON)
        if status == 200:
            assert 0 <= json.loads(body, parse_constant=pytest.fail)["predictions"][0]["score"] <= 1


def test_other_paths_and_methods_are_refused(server: Running) -> None:
    assert server.error(b"{}", path="/models")[0] == 404
    status, headers, _ = server.ask(b"", method="GET")
    assert (status, headers["allow"]) == (405, "POST")


def test_ping_has_no_body_and_batch_transform_is_told_what_may_come(server: Running) -> None:
    assert server.ask(b"", method="GET", path="/ping")[2] == b""
    told = json.loads(server.ask(b"", method="GET", path="/execution-parameters")[2])
    assert told == {"MaxConcurrentTransforms": 1, "BatchStrategy": "MULTI_RECORD", "MaxPayloadInMB": 6}


def test_packed_bodies_and_those_without_a_type_are_told_what_is_taken(server: Running) -> None:
    packed = server.error(gzip.compress(b"9.5,red,\n"), Content_Encoding="gzip")
    assert packed == (415, "the content encoding gzip is not served; send the body as it is.")
    assert server.ask(Content_Encoding="identity")[0] == 200
    status, sentence = server.error(kind="")
    assert (status, sentence.partition(";")[0]) == (415, "no content type is given")
