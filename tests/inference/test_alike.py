"""Bulk and single-row transformation held against each other, on cells that nobody thought of."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.blocks import FEWEST, BlockTransform
from inference.bulk import BulkTransform
from inference.cells import digest_of_level
from inference.columns import Categorical, Column, Dates, Encoded, FeaturesError, Numeric
from inference.dates import PARTS
from inference.rows import RowTransform
from tests.inference.test_rows import features

SCALE = {"median": 40.0, "low": -1e6, "high": 1e6, "mean": 38.6, "deviation": 13.7, "indicator": True}
COLUMNS: tuple[Column, ...] = (
    Numeric("plain", **SCALE, also_missing=("old",)),  # type: ignore[arg-type]
    Numeric("point", **SCALE, decimal="."),  # type: ignore[arg-type]
    Numeric("comma", **SCALE, decimal=","),  # type: ignore[arg-type]
    Categorical("job", ("clerk", "smith", "true"), other=True, missing=True),
    Categorical("flag", ("true", "false"), missing=True, boolean=True),
    Encoded("town", ("share", "mean"), ("Ulm", "Köln"), ((0.5, -1.0), (1 / 3, 2.0)), (0.0, 0.1), (-0.7, 0.2)),
    Categorical("name", (digest_of_level("clerk", "name"), digest_of_level("true", "name")), other=True, hashed=True),
    Encoded("street", ("share",), (digest_of_level("Ulm", "street"),), ((0.5,),), (0.0,), (-0.7,), hashed=True),
    Dates("day", PARTS, (1e4, 2e3, 6, 15, 3, 12), (0, 1970, 1, 1, 0, 0), (3e4, 2050, 12, 31, 6, 23),
          (1.5,) * 6, (1.1,) * 6, day_first=True, indicator=True),
)  # fmt: skip
NAMES = [column.name for column in COLUMNS]

digits = st.text("0123456789.,-+eE %$€'_ \u00a0", max_size=9)
written = st.builds("{:,.2f}".format, st.floats(-1e9, 1e9))
numbers = st.one_of(
    st.floats(allow_nan=True).map(repr), written, digits, st.sampled_from(["", "?", "inf", "-0", "old"])
)
words = st.one_of(st.sampled_from(["clerk", " smith ", "TRUE", "Yes", "n", "0", "1.0", "Ulm", "Köln", "NA"]), st.text(),
                  st.just(digest_of_level("clerk", "name")))  # fmt: skip
moments = st.datetimes(dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30))  # noqa: DTZ001 - wall time is what cells hold
dates = st.one_of(
    moments.map(str),
    moments.map(lambda at: at.strftime("%d/%m/%Y %I:%M %p")),
    moments.map(lambda at: at.strftime("%d-%b-%Y")),
    moments.map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S}+05:30"),
    st.text("0123456789-/.: TZ", max_size=12),
    st.just(""),
)


def alike(column: Column, cells: list[Any], array: pa.Array) -> None:
    """Cell by cell: both ways refuse it, or both make the same bits of it."""
    transform, bulk = RowTransform(features((column,))), BulkTransform(features((column,)))
    taken, single = [], []
    for place, cell in enumerate(cells):
        try:
            single.append(transform.values([cell]))
            taken.append(place)
        except FeaturesError:
            with pytest.raises(FeaturesError):
                bulk.matrix({column.name: array.slice(place, 1)}, 1)
    matrix = bulk.matrix({column.name: array.take(pa.array(taken, pa.int64()))}, len(taken))
    expected = np.array(single, dtype=np.float32).reshape(len(taken), bulk.width)
    assert matrix.tobytes("C") == expected.tobytes("C")
    if taken:
        # Requests of several rows are served in blocks.
        block = BlockTransform(transform).matrix([[cells[place]] for place in taken] * FEWEST, None, 1)
        assert block[: len(taken)].tobytes() == expected.tobytes("C")


@pytest.mark.parametrize("column", COLUMNS, ids=NAMES)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_texts_become_the_same_bits(column: Column, data: st.DataObject) -> None:
    kind = {"numeric": numbers, "date": dates}.get(column.type, words)
    cells = data.draw(st.lists(st.one_of(kind, st.none()), min_size=1, max_size=12))
    alike(column, cells, pa.array(cells, pa.string()))


@given(cells=st.lists(st.one_of(st.none(), moments.map(lambda at: at.replace(microsecond=at.microsecond))), min_size=1))
@settings(max_examples=60, deadline=None)
def test_native_times_become_the_same_bits(cells: list[dt.datetime | None]) -> None:
    alike(COLUMNS[-1], cells, pa.array(cells, pa.timestamp("us")))
    days = [cell.date() if cell else None for cell in cells]
    alike(COLUMNS[-1], days, pa.array(days, pa.date32()))


@given(cells=st.lists(st.one_of(st.none(), st.floats(width=64)), min_size=1))
@settings(max_examples=60, deadline=None)
def test_native_numbers_become_the_same_bits(cells: list[float | None]) -> None:
    for column in COLUMNS[:5]:
        alike(column, cells, pa.array(cells, pa.float64()))


@given(cells=st.lists(st.one_of(st.none(), st.booleans()), min_size=1))
def test_native_truths_become_the_same_bits(cells: list[bool | None]) -> None:
    for column in (COLUMNS[0], *COLUMNS[3:5]):
        alike(column, cells, pa.array(cells, pa.bool_()))
