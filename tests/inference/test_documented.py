"""docs/serving.md shows requests and their answers: each is asked of a model, and answered as it is shown."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from inference.archive import Archive
from inference.formats.table import RequestError
from inference.handler import Request

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "serving.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```http\n(.*?)```\n\n```answer\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("request_text", "answer"), SHOWN)
def test_what_is_shown_is_what_one_gets(
    archives: dict[tuple[str, str], Archive], request_text: str, answer: str
) -> None:
    head, _, body = request_text.partition("\n\n")
    headers = dict(line.split(": ", 1) for line in head.splitlines()[1:])
    request = Request(body.encode(), headers["Content-Type"], headers.get("Accept", ""))
    first, _, shown = answer.partition("\n")
    status, kind = first.split()
    try:
        reply = archives["binary", "xgboost"].handler.answer(request)
        found_status, found_kind, found = 200, reply.type, reply.body
    except RequestError as error:
        found_status, found_kind, found = error.status, "application/json", json.dumps({"error": str(error)})
    assert (found_status, found_kind) == (int(status), kind)
    assert isinstance(found, str)
    assert _form(found.strip()) == _form(shown.strip())


def test_all_forms_of_examples_are_there() -> None:
    assert len(SHOWN) >= 6
    assert PAGE.count("```http") == PAGE.count("```answer") == len(SHOWN)


def _form(text: str) -> Any:
    """What an answer looks like, whatever its numbers are."""
    if text.startswith("{"):
        return _without_numbers(json.loads(text))
    return [["number" if cell[0].isdigit() else cell for cell in line.split(",")] for line in text.splitlines()]


def _without_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_numbers(item) for item in value]
    return "number" if isinstance(value, float) else value
