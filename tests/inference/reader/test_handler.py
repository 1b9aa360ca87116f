"""Requests are answered to the byte as they are without the compiled reader."""

from __future__ import annotations

import ctypes
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.archive import Archive
from inference.columns import Categorical, Column, Encoded, Ignored, Numeric
from inference.compiled import CompiledModel
from inference.features import load_features
from inference.formats.table import RequestError
from inference.handler import Handler, Request
from inference.predict import Model, load_model
from inference.reader.layout import END, LABEL
from inference.reader.reading import PlainReader, reader_of
from inference.reader.tables import Tables, UnfitError
from inference.rows import RowTransform
from tests.inference.reader.conftest import compiled
from tests.inference.test_compiled import compiled_folder
from tests.inference.test_rows import features

Both = tuple[Handler, Handler]
KEYS = [("binary", "xgboost"), ("regression", "linear"), ("multiclass", "xgboost")]
ACCEPTS = ["text/csv", "application/json", "application/jsonlines", "text/csv;output=scores;header=present",
           "application/x-npy", "application/json;explain=true"]  # fmt: skip


_CELLS = [(size, colour, age) for size in range(0, 70, 3) for colour in ("red", "green", "x") for age in ("", 30)]


class Unread:
    """A compiled model without a reader."""

    def __init__(self, model: Model) -> None:
        self.name, self.scores, self.importance = model.name, model.scores, model.importance


@pytest.fixture(scope="session")
def pairs(
    model_folders: dict[tuple[str, str], Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], Both]:
    """Handlers of the same models with the reader and without."""
    made = {}
    for key in KEYS:
        folder = compiled_folder(model_folders[key], tmp_path_factory.mktemp("compiled") / "model")
        fitted = load_features(folder / "features.json")
        model, transform = load_model(folder, fitted), RowTransform(fitted)
        assert hasattr(model, "library")
        made[key] = (Handler(folder, fitted, model, transform), Handler(folder, fitted, Unread(model), transform))
    return made


def told(handler: Handler, body: str | bytes, content_type: str, accept: str) -> tuple[int, bytes]:
    try:
        if isinstance(body, bytes) and (found := handler.at_once(body, content_type, accept, "")):
            return 200, found[0]
        answer = handler.answer(Request(body, content_type, accept)).body
    except RequestError as error:
        return error.status, str(error).encode()
    return 200, answer.encode() if isinstance(answer, str) else answer


cells = st.sampled_from(
    ["9.5", "1e-3", "red", "", "30", " blue ", "mauve", "size", "colour", "age", '"red"', '"a, ""b"""', "\ufeff1",
     "nan", "1e999", '"1\n2"', "é", "old", "7\r8", "1_0"]
)  # fmt: skip
plain = st.sampled_from(["9.5,red,30", "0.25,green,", ",,", "1e3,mauve,20.5", "3,blue,x", "1,2"])
lines = st.lists(plain | plain | st.lists(cells, min_size=2, max_size=4).map(",".join), max_size=40)
starts = st.sampled_from(
    ["", "", "size,colour,age\n", "\ufeffsize,colour,age\r\n", "age,size,colour\n", "\n\n", "\ufeff"]
)
bodies = st.builds(
    lambda start, rows, end, last: start + end.join(rows) + last,
    starts, lines, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\n", "\r\n", "\r", "\n\n"]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    body=bodies,
    raw=st.booleans(),
    broken=st.sampled_from([b"", b"", b"", b"\n1,\xff,2", b"\n\xc3\xa9,red,3"]),
    content_type=st.sampled_from(["text/csv", "text/csv", "text/csv; header=present", "text/csv; header=absent"]),
    accept=st.sampled_from(ACCEPTS),
    key=st.sampled_from(KEYS),
)
def test_answers_are_the_same_with_and_without_the_reader(
    pairs: dict[tuple[str, str], Both],
    body: str,
    raw: bool,
    broken: bytes,
    content_type: str,
    accept: str,
    key: tuple[str, str],
) -> None:
    sent = body.encode() + broken if raw else body
    with_reader, without = pairs[key]
    assert told(with_reader, sent, content_type, accept) == told(without, sent, content_type, accept)


def test_long_bodies_are_answered_the_same_wherever_they_stop_being_plain(pairs: dict[tuple[str, str], Both]) -> None:
    rows = [f"{row / 7},{('red', 'green', 'mauve')[row % 3]},{row % 50}" for row in range(6000)]
    odd_rows = ["size,colour,age", '"1",red,3', "x,red,3", "1,\ufffd,2", "1_0,red,1", "1,2"]
    for place, odd in zip((0, 700, 700, 300, 9, 5999), odd_rows, strict=True):
        body = "\n".join([*rows[:place], odd, *rows[place:]])
        assert len(body) > 64 << 10
        with_reader, without = pairs["binary", "xgboost"]
        for sent in (body, body.encode(), body.replace("\ufffd", "\udcff").encode(errors="surrogateescape")):
            assert told(with_reader, sent, "text/csv", "text/csv") == told(without, sent, "text/csv", "text/csv")


def test_one_plain_row_is_answered_at_once(pairs: dict[tuple[str, str], Both]) -> None:
    with_reader, without = pairs["binary", "xgboost"]
    assert without.at_once(b"9.5,red,30", "text/csv", "", "") is None
    for accept in ACCEPTS[:3]:
        found = with_reader.at_once(b"9.5,red,30\n", "text/csv", accept, "")
        assert found == (told(without, b"9.5,red,30\n", "text/csv", accept)[1], accept)
    for body, kind in ((b"x,red,30", "text/csv"), (b"size,colour,age", "text/csv"), (b"[]", "application/json")):
        assert with_reader.at_once(body, kind, "text/csv", "") is None
    assert with_reader.at_once(b"9.5,red,30", "text/csv; header=present", "", "") is None


@pytest.mark.parametrize("key", KEYS, ids=map("-".join, KEYS))
@pytest.mark.parametrize("output", ["", "score", "scores", "predicted_label", "scores+predicted_label+score"])
def test_all_that_can_be_said_of_a_row_is_said_at_once(
    pairs: dict[tuple[str, str], Both], key: tuple[str, str], output: str
) -> None:
    with_reader, without = pairs[key]
    bodies = [f"{size / 7:.3f},{colour},{age}\n".encode() for size, colour, age in _CELLS]
    for form in ("text/csv", "text/csv;header=present", "application/json", "application/jsonlines"):
        accept = f"{form};output={output}"
        expected = [told(without, body, "text/csv", accept) for body in bodies]
        if expected[0][0] == 406:
            assert key[0] == "regression", "it has a score and nothing else"
            continue
        found = [with_reader.at_once(body, "text/csv", accept, "") for body in bodies]
        assert [answer for answer in found if answer] == [
            (answer, form.partition(";")[0]) for (_, answer), here in zip(expected, found, strict=True) if here
        ]
        assert sum(answer is not None for answer in found) > len(bodies) / 2
        assert len(set(expected)) > 1


def test_labels_that_c_cannot_say_are_left_to_python(pairs: dict[tuple[str, str], Both]) -> None:
    handler = pairs["multiclass", "xgboost"][0]
    reader = handler._reader
    assert reader
    assert reader.answering([("a", LABEL), ("", END)], ["no", "y\0s"], 0.5) is None
    assert reader.answering([("a", LABEL), ("", END)], ["no", "\ud800"], 0.5) is None
    assert reader.answering([("a" * 70_000, LABEL), ("", END)], ["no", "yes"], 0.5) is None
    assert reader.answering([], ["no", "yes"], 0.5) is None


@pytest.fixture(scope="session")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Handler:
    """A model that answers with the number that it is given."""
    folder = tmp_path_factory.mktemp("echo") / "model"
    bounds: dict[str, Any] = {"low": -3e38, "high": 3e38, "mean": 0.0, "deviation": 1.0, "median": 0.0}
    fitted = replace(features((Numeric("x", **bounds),)), kind="regression", labels=())
    model = compiled(fitted, folder, [1.0])
    return Handler(folder, fitted, model, RowTransform(fitted))


@settings(max_examples=800, deadline=None)
@given(
    value=st.floats(width=32, min_value=-(2.0**127), max_value=2.0**127)
    | st.floats(1e-6, 1e-2).map(np.float32).map(float)
    | st.floats(0.0, 3e7).map(np.float32).map(float)
    | st.integers(0, 1 << 25).map(lambda digits: float(np.float32(digits / 1000)))
)
def test_numbers_are_written_as_numpy_writes_them(echo: Handler, value: float) -> None:
    score = np.float32(value)
    found = echo.at_once(repr(value).encode(), "text/csv", "text/csv", "")
    if found is None:
        assert np.frexp(np.abs(score))[0] in (0, 0.5), "only powers of two and zero are left to numpy"
    else:
        assert found[0] == f"{score!s}\n".encode()


@pytest.mark.parametrize(
    "value",
    ["0.0001", "0.00012", "1e-4", "9.9999994e-05", "123456.7", "16777216", "1e15", "1.5e16", "9.999999e15",
     "1.2345e-30", "-7.25", "3", "-3e-05", "1e-40", "16777215", "16777219", "9999999", "120000", "0.99999994", "0.1",
     "1000000.1", "0.00010000001"],
)  # fmt: skip
def test_short_and_long_numbers_are_written_as_numpy_writes_them(echo: Handler, value: str) -> None:
    answer = echo.answer(Request(value, "text/csv", "text/csv")).body
    assert answer == f"{np.float32(value)!s}\n"
    found = echo.at_once(value.encode(), "text/csv", "text/csv", "")
    assert found is None or found[0].decode() == answer
    assert (found is None) == (value == "16777216")


def test_a_model_whose_columns_the_reader_does_not_know_is_read_by_python(
    archives: dict[tuple[str, str], Archive],
) -> None:
    fitted = archives["binary", "linear"].features
    bounds: dict[str, Any] = {"low": 0.0, "high": 1.0, "mean": 0.0, "deviation": 1.0, "median": 0.0}
    with pytest.raises(UnfitError, match="numbers as people write them"):
        Tables(replace(fitted, columns=(Numeric("x", **bounds, decimal=","),)))
    hidden: tuple[Column, ...] = (
        Categorical("town", ("0" * 16,), other=True, hashed=True),
        Encoded("town", ("share",), ("0" * 16,), ((1.0,),), (0.0,), (0.0,), hashed=True),
    )
    for column in hidden:
        with pytest.raises(UnfitError, match="kept as digests"):
            Tables(replace(fitted, columns=(column,)))


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (Numeric, "name median low high mean deviation indicator also_missing decimal"),
        (Categorical, "name levels other missing boolean hashed"),
        (Encoded, "name outputs levels values other absent hashed"),
        (Ignored, "name reason"),
    ],
)
def test_the_reader_knows_all_that_is_said_of_a_column(kind: type[Any], names: str) -> None:
    """Whoever adds to a column says in `inference.reader.tables` what the reader makes of it, if anything."""
    assert " ".join(field.name for field in fields(kind)) == names


def test_a_library_without_a_reader_and_one_of_another_model_leave_rows_to_python(
    pairs: dict[tuple[str, str], Both], archives: dict[tuple[str, str], Archive]
) -> None:
    fitted = archives["binary", "linear"].features
    with pytest.raises(UnfitError, match="compiled before there was a reader"):
        PlainReader(fitted, ctypes.CDLL(None))
    other = replace(fitted, columns=fitted.columns[:1])
    library = compiled_library(pairs)
    PlainReader(fitted, library)
    with pytest.raises(UnfitError, match="another version of the reader"):
        PlainReader(other, library)
    assert reader_of(fitted, Unread(archives["binary", "linear"].model)) is None


def compiled_library(pairs: dict[tuple[str, str], Both]) -> ctypes.CDLL:
    model = pairs["binary", "xgboost"][0]._model
    assert isinstance(model, CompiledModel)
    return model.library
