from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.archive import Archive
from inference.formats.table import RequestError
from inference.handler import Request

CSV = "text/csv"
CELLS = st.sampled_from(
    ["9.5", "red", "", "30", " blue ", "size", "age", '"red"', "\ufeff1", "nan", "1e999", "1\n2", "é"]
)
BODIES = st.lists(CELLS, max_size=5).map(",".join) | st.text(alphabet='19.,red"\r\n\ufeff', max_size=12)


def told(archive: Archive, body: str | bytes, accept: str, *, large: bool) -> tuple[int, str | bytes]:
    """What a request gets: by whichever way its size leads to, or as the large ones do."""
    request = Request(body, CSV, accept)
    try:
        if not large:
            return 200, archive.handler.answer(request).body
        steps = archive.handler.steps(request)
        while True:
            next(steps)
    except StopIteration as end:
        return 200, end.value.body
    except RequestError as error:
        return error.status, str(error)


@pytest.mark.parametrize("accept", [CSV, "application/json", "application/jsonlines", "text/csv;output=scores"])
@settings(max_examples=150, deadline=None)
@given(body=BODIES, end=st.sampled_from(["", "\n", "\r\n", "\r"]), raw=st.booleans())
def test_one_row_is_answered_as_it_is_among_others(
    archives: dict[tuple[str, str], Archive], accept: str, body: str, end: str, raw: bool
) -> None:
    archive = archives["binary", "xgboost"]
    sent = (body + end).encode() if raw else body + end
    assert told(archive, sent, accept, large=False) == told(archive, sent, accept, large=True)


@pytest.mark.parametrize("key", [("regression", "linear"), ("multiclass", "xgboost"), ("binary", "linear")])
def test_every_kind_of_model_answers_one_row(archives: dict[tuple[str, str], Archive], key: tuple[str, str]) -> None:
    for accept in (CSV, "application/json", "text/csv;header=present", "application/x-npy", "text/csv;explain=true"):
        assert told(archives[key], "9.5,red,\n", accept, large=False) == told(
            archives[key], "9.5,red,\n", accept, large=True
        )
