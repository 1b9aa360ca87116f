from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

import pyarrow as pa
import pytest

from processing_scripts.columns import ColumnSummary, Summary


def summary(cells: Sequence[object], name: str = "c", tokens: Sequence[str] | None = None, pieces: int = 1) -> Summary:
    whole = ColumnSummary(name) if tokens is None else ColumnSummary(name, tokens)
    size = math.ceil(len(cells) / pieces)
    for start in range(0, len(cells), size):
        whole.update(pa.array(cells[start : start + size]))
    return whole.finish()


MANY = 40


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", " 2", "3.5", "?", ""], "numeric"),
        ([1, 2, None, 2], "numeric"),
        ([0.5, math.nan, math.inf, 1.0], "numeric"),
        ([f"{at}.5" for at in range(MANY)] + ["see note"], "numeric"),
        (["1", "2", "3", "U"] * MANY, "categorical"),
        (["a", "b", "a"], "categorical"),
        (["a", None, "a"], "categorical"),
        (["yes", "No", "YES"], "boolean"),
        (["yes", "no", "?"], "boolean"),
        ([True, False, None], "boolean"),
        (["0", "1", "0"], "numeric"),
        (["2020-01-02", "2020-01-03T10:00:00Z"], "date"),
        (["31.12.2020", "01.01.2021"], "date"),
        ([dt.date(2020, 1, 2), dt.date(2020, 1, 3)], "date"),
        (["x", "x"], "constant"),
        ([7, 7], "constant"),
        (["?", "NA", " ", None], "all-missing"),
        ([f"name {at}" for at in range(MANY)], "identifier"),
        ([f"name {at}" for at in range(5)], "categorical"),
        ([str(at) for at in range(MANY)], "identifier"),
        ([str(at * 3 + 7) for at in range(MANY)], "numeric"),
    ],
)
def test_the_kind_of_a_column(cells: Sequence[object], kind: str) -> None:
    assert summary(cells).kind == kind


@pytest.mark.parametrize(
    ("name", "identifies"),
    [
        ("id", True),
        ("customer_id", True),
        ("PassengerId", True),
        ("customerID", True),
        ("Unnamed: 0", True),
        ("humid", False),
        ("paid", False),
        ("revenue", False),
    ],
)
def test_a_name_tells_a_key_from_a_quantity(name: str, identifies: bool) -> None:
    found = summary([at * 3 + 7 for at in range(MANY)], name)
    assert (found.kind == "identifier") is identifies
    assert bool(found.why) is identifies


def test_numbers_are_described() -> None:
    found = summary(["1", "2", "3", "4", "?"])
    assert (found.rows, found.missing, found.present, found.distinct) == (5, 1, 4, 4)
    assert (found.minimum, found.maximum, found.mean) == (1.0, 4.0, 2.5)
    assert found.deviation == pytest.approx(math.sqrt(1.25))
    assert found.whole is True


def test_categories_are_counted_without_white_space() -> None:
    assert summary([" b", "a", "b ", "a", "c", "?"]).top == (("a", 2), ("b", 2), ("c", 1))


def test_own_missing_tokens_are_missing_however_they_are_spelt() -> None:
    tokens = ("-999", "unknown")
    assert summary(["1", "-999.0", " -999", "unknown", "2"], tokens=tokens).missing == 3
    assert summary([1.0, -999.0, 2.0], tokens=tokens).missing == 1


def test_texts_among_numbers_are_told() -> None:
    found = summary([f"{at}.5" for at in range(MANY)] + ["n.b."])
    assert found.strays == (("n.b.", 1),)
    assert found.maximum == MANY - 0.5


def test_pieces_and_merged_parts_come_to_the_same() -> None:
    cells = [str(at % 7) for at in range(100)] + ["x", None, "?"]
    whole = summary(cells)
    left, right = ColumnSummary("c"), ColumnSummary("c")
    left.update(pa.array(cells[:40]))
    right.update(pa.array(cells[40:]))
    left.merge(right)
    merged = left.finish()
    assert summary(cells, pieces=5) == whole
    assert (merged.top, merged.missing, merged.kind, merged.distinct) == (
        whole.top,
        whole.missing,
        whole.kind,
        whole.distinct,
    )


def test_texts_that_repeat_come_to_what_one_cell_after_another_does() -> None:
    cells = [*["a", " a", "b ", "?", None, "", "c"] * 30, *["7", "b"] * 15, *["b", "NA", "d"] * 10]
    assert summary(cells, pieces=9) == summary(cells, pieces=len(cells)) == summary(cells)
    assert summary(cells, pieces=9).top == (("a", 60), ("b", 55), ("c", 30), ("7", 15), ("d", 10))


def test_many_values_are_counted_up_to_a_bound() -> None:
    cells = ["often"] * 500 + [f"t{at % 15_000}" for at in range(30_000)]
    found = summary(cells, pieces=7)
    assert found.capped
    assert found.distinct == 10_000
    assert found.top[0] == ("often", 500)
    assert found.kind == "categorical"


def test_a_key_beyond_the_bound_is_still_a_key() -> None:
    assert summary([f"t{at}" for at in range(25_000)], pieces=3).kind == "identifier"
    assert summary([str(at) for at in range(25_000)], pieces=3).kind == "identifier"


def test_huge_numbers_do_not_warn() -> None:
    assert summary(["1e308", "-1e308", "1e308"]).maximum == 1e308


def test_no_rows_at_all_are_all_missing() -> None:
    assert ColumnSummary("c").finish().kind == "all-missing"
