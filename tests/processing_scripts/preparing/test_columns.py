"""What becomes of columns of real tables, through the whole of Prepare and back through a single row."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from inference.columns import Categorical, Dates, Encoded, Ignored, Numeric
from inference.features import Features, load_features
from inference.rows import RowTransform
from processing_scripts.prepare import main
from tests.support.jobs import prepare_arguments, write_csv

ROWS = 400
Prepared = Callable[..., tuple[Features, list[str], Path]]


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Prepared:
    monkeypatch.setenv("SM_OUTPUT_DIR", str(tmp_path / "message"))
    monkeypatch.delenv("SM_MODEL_DIR", raising=False)

    def prepare(columns: Mapping[str, Sequence[object]], **settings: Any) -> tuple[Features, list[str], Path]:
        draw = random.Random(3)  # noqa: S311 - test data
        noise = [draw.gauss(0, 1) for _ in range(ROWS)]
        table = {"noise": noise, **columns, "y": ["no" if each < 0 else "yes" for each in noise]}
        write_csv(tmp_path / "in" / "data.csv", list(table), list(zip(*table.values(), strict=True)))
        words = [f"--settings={json.dumps(settings)}"] if settings else []
        main(prepare_arguments(tmp_path / "in", tmp_path / "out", "y", "auc", *words))
        profile = json.loads((tmp_path / "out" / "profile" / "profile.json").read_text())
        return load_features(tmp_path / "out" / "features" / "features.json"), profile["notes"], tmp_path / "out"

    return prepare


def column(features: Features, name: str) -> Any:
    return next(each for each in features.columns if each.name == name)


def cells(*choices: object) -> list[object]:
    return [choices[row % len(choices)] for row in range(ROWS)]


@pytest.mark.parametrize(
    ("written", "decimal", "least"),
    [
        (["1,234.5", "2,000", "7", "1,000,000"], ".", 7),
        (["10 %", "20%", "30 %", "50%"], ".", 10),
        (["$5", "-$3", "€ 8", "£1,000"], ".", None),
        (["1.234,5", "7,25", "2.000,0", "12"], ",", 7.25),
        (["1,5", "2,5", "3,75"], ",", 1.5),
        (["1 234", "5 678 901", "12"], ".", 12),
    ],
)
def test_numbers_that_people_write_are_numbers(
    prepared: Prepared, written: list[str], decimal: str, least: float | None
) -> None:
    features, _, _ = prepared({"price": cells(*written)})
    found = column(features, "price")
    if least is None:
        assert isinstance(found, Categorical)  # "€ 8" is no number: one currency's sign stands beside its digits
        return
    assert isinstance(found, Numeric)
    assert (found.decimal, found.low) == (decimal, least)
    RowTransform(features).record({"noise": 1, "price": written[0]})


def test_a_few_grouped_numbers_among_plain_ones_are_read(prepared: Prepared) -> None:
    values = [f"{value:,}" for value in range(900, 900 + ROWS)]
    features, notes, _ = prepared({"count": random.Random(1).sample(values, ROWS)})  # noqa: S311 - test data
    assert column(features, "count").high == 900 + ROWS - 1
    assert not notes


@pytest.mark.parametrize(
    "spellings", [("yes", "no"), ("Y", "n"), ("TRUE", "false"), ("t", "F"), ("on", "off"), ("yes", "no", "Y", "1", "0")]
)
def test_yes_and_no_are_known_in_every_spelling(prepared: Prepared, spellings: tuple[str, ...]) -> None:
    features, _, _ = prepared({"flag": cells(*spellings)})
    assert column(features, "flag").boolean
    assert [name for name in features.feature_names() if "flag" in name] in (
        ["flag=true", "flag=false"], ["flag=false", "flag=true"]
    )  # fmt: skip
    transform = RowTransform(features)
    found = [transform.record({"noise": 1, "flag": flag}) for flag in ("Yes", "t", True, 1, "on", 1.0, "TRUE")]
    assert all(each == found[0] for each in found)
    assert transform.record({"noise": 1, "flag": "No"}) != found[0]


def test_dates_are_expanded(prepared: Prepared) -> None:
    features, _, _ = prepared({"day": [f"{row % 28 + 1}.{row % 12 + 1}.20{10 + row % 14}" for row in range(ROWS)]})
    found = column(features, "day")
    assert isinstance(found, Dates)
    assert (found.parts, found.day_first) == (("days", "year", "month", "day", "weekday"), True)


def test_dates_that_may_be_two_are_left_out_until_told(prepared: Prepared) -> None:
    days = [f"{row % 12 + 1}/{row % 11 + 1}/2024" for row in range(ROWS)]
    features, notes, _ = prepared({"day": days})
    assert isinstance(column(features, "day"), Ignored)
    assert any("nothing says whether the day or the month comes first" in note for note in notes)
    told, _, _ = prepared({"day": days}, features={"day_first": False})
    assert column(told, "day").day_first is False


def test_many_levels_are_encoded_and_training_rows_get_other_folds_word(prepared: Prepared) -> None:
    draw = random.Random(6)  # noqa: S311 - test data
    towns = [f"Stadt {draw.randrange(90)}" for _ in range(ROWS)]
    features, _, output = prepared({"Örtchen": towns})
    assert isinstance(column(features, "Örtchen"), Encoded)
    assert "Örtchen share of yes" in features.feature_names()
    transform = RowTransform(features)
    for split, exact in (("train", False), ("test", True)):
        table = pq.read_table(output / split / "features-00000.parquet")
        known = {
            tuple(np.float32(value) for value in transform.record({"noise": 0, "Örtchen": town}))[1] for town in towns
        }
        found = set(np.array(table.column("Örtchen share of yes"), dtype=np.float32).tolist())
        assert (found <= {float(each) for each in known}) is exact
    by_frequency, _, _ = prepared({"Örtchen": towns}, features={"encoding": "frequency"})
    assert column(by_frequency, "Örtchen").outputs == ("frequency",)
    one_hot, _, _ = prepared({"Örtchen": towns}, features={"encoding": "one_hot"})
    assert isinstance(column(one_hot, "Örtchen"), Categorical)


def test_a_column_that_repeats_another_is_left_out_and_said(prepared: Prepared) -> None:
    draw = random.Random(2)  # noqa: S311 - test data
    sizes = [draw.randrange(1000) for _ in range(ROWS)]
    features, notes, _ = prepared({"a": sizes, "b": [f"{size}.0" for size in sizes], "c": sizes[::-1]})
    assert [each.name for each in features.used] == ["noise", "a", "c"]
    assert "The column b holds the same as a in every row; it is left out." in notes


def test_infinities_are_missing_and_mixed_columns_are_categories(prepared: Prepared) -> None:
    features, _, _ = prepared({"size": cells("1.5", "inf", "-Infinity", "7"), "code": cells("7", "x7", "12", "y")})
    assert (column(features, "size").high, column(features, "size").indicator) == (7.0, True)
    assert column(features, "code").levels == ("12", "7", "x7", "y") or set(column(features, "code").levels) == {
        "12",
        "7",
        "x7",
        "y",
    }


def test_columns_of_one_name_are_told_apart_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SM_OUTPUT_DIR", str(tmp_path / "message"))
    draw = random.Random(3)  # noqa: S311 - test data
    rows = [[draw.gauss(0, 1), draw.gauss(0, 1), draw.choice(["no", "yes"])] for _ in range(ROWS)]
    write_csv(tmp_path / "in" / "data.csv", ["größe", "größe", "y"], rows)
    main(prepare_arguments(tmp_path / "in", tmp_path / "out", "y", "auc"))
    found = load_features(tmp_path / "out" / "features" / "features.json")
    assert found.names == ["größe", "größe (2)"]
    profile = json.loads((tmp_path / "out" / "profile" / "profile.json").read_text())
    assert profile["notes"] == ["Several columns are called größe; all but the first are known by a number beside it."]
