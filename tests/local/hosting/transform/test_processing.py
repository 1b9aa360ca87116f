from __future__ import annotations

from typing import Any

import pytest

from local.hosting.transform.processing import Processing, RecordError


def processing(kind: str, accept: str = "", **given: str) -> Processing:
    request: dict[str, Any] = {"TransformInput": {"ContentType": kind}, "TransformOutput": {}, "DataProcessing": given}
    if accept:
        request["TransformOutput"]["Accept"] = accept
    return Processing.of(request)


def test_nothing_asked_for_is_nothing_done() -> None:
    plain = processing("image/png")
    assert not plain.problems()
    assert plain.to_model([b"\xff", b"x"]) == b"\xff\nx"
    assert plain.of_model([b"\xff", b"x"], b"whatever") == b"whatever"


def test_csv_rows_are_filtered_joined_and_filtered_again() -> None:
    made = processing("text/csv", InputFilter="$[1:]", JoinSource="Input", OutputFilter="$[0,-1]")
    rows = [b'id1,1,"a,b"', b"id2,2,c"]
    assert made.to_model(rows) == b'1,"a,b"\n2,c'
    assert made.of_model(rows, b"0.5,yes\n0.25,no\n") == b"id1,yes\nid2,no"


def test_json_lines_get_the_answer_as_a_member() -> None:
    made = processing("application/jsonlines", InputFilter="$.features", JoinSource="Input")
    rows = [b'{"id":1,"features":[1,2]}', b"[3]"]
    only = processing("application/jsonlines", JoinSource="Input")
    assert made.to_model(rows[:1]) == b"[1,2]"
    assert only.of_model(rows, b'{"p":1}\n{"p":2}\n') == (
        b'{"id":1,"features":[1,2],"SageMakerOutput":{"p":1}}\n{"SageMakerInput":[3],"SageMakerOutput":{"p":2}}'
    )


def test_a_json_document_is_one_record() -> None:
    made = processing("application/json", OutputFilter="$['id','SageMakerOutput']", JoinSource="Input")
    assert made.of_model([b'{"id": 1, "x": [2]}'], b'{"p": [1, 2]}') == b'{"id":1,"SageMakerOutput":{"p":[1,2]}}'


@pytest.mark.parametrize(
    ("kind", "records", "answer", "words"),
    [
        ("text/csv", [b"1", b"2"], b"0.5\n", "got 1 rows of predictions for 2 records"),
        ("application/json", [b"{}"], b"oops", "answer that is not JSON"),
        ("application/json", [b"{"], b"1", "is not JSON"),
        ("application/json", [b'{"SageMakerOutput": 1}'], b"1", "SageMakerOutput already"),
    ],
)
def test_what_cannot_be_matched_is_named(kind: str, records: list[bytes], answer: bytes, words: str) -> None:
    with pytest.raises(RecordError, match=words):
        processing(kind, JoinSource="Input").of_model(records, answer)


def test_requests_that_cannot_be_processed_are_named_before_they_run() -> None:
    assert "InputFilter" in processing("text/csv", InputFilter="features").problems()[0]
    assert "reads text/csv" in processing("image/png", JoinSource="Input").problems()[0]
    assert "the same type" in processing("text/csv", "application/json", JoinSource="Input").problems()[0]
