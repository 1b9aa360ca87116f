"""The drift check on what Prepare leaves of a table and on requests captured from an endpoint."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from processing_scripts.drift import main
from processing_scripts.prepare import main as prepare
from tests.support.captured import captured_key, captured_line
from tests.support.jobs import prepare_arguments, write_csv

COLUMNS = ["size", "gain", "colour", "y"]
Row = list[Any]
Draw = random.Random


def row(draw: Draw) -> Row:
    """A row as it was in training, without its label."""
    size = "?" if draw.random() < 0.05 else round(draw.gauss(0, 1), 4)
    gain = 0 if draw.random() < 0.9 else draw.randint(1, 999)
    return [size, gain, draw.choice(["red", "green", "blue"])]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds what Prepare makes of two thousand rows."""
    folder = tmp_path_factory.mktemp("trained")
    draw = Draw(1)
    write_csv(folder / "in" / "data.csv", COLUMNS, [[*row(draw), draw.choice(["no", "yes"])] for _ in range(2_000)])
    prepare(prepare_arguments(folder / "in", folder / "out", "y", "auc"))
    return folder / "out" / "profile"


@pytest.fixture
def check(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.setenv("SM_OUTPUT_DIR", str(tmp_path / "message"))
    monkeypatch.delenv("SM_MODEL_DIR", raising=False)

    def run(make: Callable[[Draw], Row] = row, *more: str, rows: int = 600, seed: int = 2) -> Any:
        draw = Draw(seed)
        folder = tmp_path / "in"
        path = folder / "captured" / captured_key("live", 1)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(captured_line([make(draw)]) + "\n" for _ in range(rows)))
        if not (folder / "baseline").exists():
            (folder / "baseline").symlink_to(trained)
        main(["--input", str(folder), "--output", str(tmp_path / "out"), *more])
        return json.loads((tmp_path / "out" / "drift" / "drift.json").read_text())

    return run


def by_name(found: Any) -> dict[str, Any]:
    return {column["name"]: column for column in found["columns"]}


def test_rows_like_those_of_training_have_not_drifted(check: Callable[..., Any]) -> None:
    for seed in range(30):
        found = check(seed=seed)
        assert (found["status"], found["drifted_columns"]) == ("measured", 0), found["summary"]
    assert found["summary"] == "None of 3 columns has drifted in 600 captured rows."
    assert (found["rows"], found["requests"], found["unreadable_requests"]) == (600, 600, 0)


def test_numbers_that_moved_have_drifted(check: Callable[..., Any]) -> None:
    def moved(draw: Draw) -> Row:
        size, *others = row(draw)
        return [size if size == "?" else size + 1, *others]

    found = check(moved)
    assert found["drifted_columns"] == 1
    size = by_name(found)["size"]
    assert size["psi"] > 0.5
    assert 0.3 < size["ks"] < 0.5
    assert found["summary"].startswith("1 of 3 columns have drifted in 600 captured rows (size: PSI ")


def test_a_column_that_came_to_be_missing_has_drifted(check: Callable[..., Any]) -> None:
    def without(draw: Draw) -> Row:
        size, *others = row(draw)
        return ["" if draw.random() < 0.3 else size, *others]

    found = by_name(check(without))["size"]
    assert 0.28 < found["missing"] < 0.4
    assert 0.03 < found["missing_in_training"] < 0.07
    assert found["drifted"][-1].endswith("in training")


def test_texts_in_a_column_of_numbers_are_drift(check: Callable[..., Any]) -> None:
    def with_units(draw: Draw) -> Row:
        size, *others = row(draw)
        return [f"{size} cm", *others]

    found = by_name(check(with_units))["size"]
    assert found["no_number"] == 600
    assert "100% are no numbers" in found["drifted"]


def test_categories_that_training_did_not_have_are_drift(check: Callable[..., Any]) -> None:
    def renamed(draw: Draw) -> Row:
        *others, colour = row(draw)
        return [*others, "crimson" if colour == "red" and draw.random() < 0.5 else colour]

    found = check(renamed)
    colour = by_name(found)["colour"]
    assert 0.1 < colour["unseen"] < 0.25
    assert colour["unseen_levels"] == ["crimson"]
    assert "in levels that training did not have" in found["summary"]


def test_categories_whose_shares_changed_are_drift(check: Callable[..., Any]) -> None:
    found = by_name(check(lambda draw: [*row(draw)[:2], draw.choice(["red"] * 8 + ["green", "blue"])]))
    assert found["colour"]["psi"] > 0.5
    assert found["colour"]["unseen"] == 0


@pytest.mark.parametrize(
    ("option", "value"),
    [("--psi", "99"), ("--ks", "1"), ("--missing", "1"), ("--unseen", "1"), ("--least-rows", "700")],
)
def test_each_threshold_decides(check: Callable[..., Any], option: str, value: str) -> None:
    def all_of_it(draw: Draw) -> Row:
        return ["" if draw.random() < 0.5 else draw.gauss(3, 1), 0, draw.choice(["red", "mauve"])]

    def clauses(found: Any) -> int:
        return sum(len(column["drifted"]) for column in found["columns"])

    assert clauses(check(all_of_it, option, value)) < clauses(check(all_of_it))


def test_few_rows_are_not_compared(check: Callable[..., Any]) -> None:
    found = check(rows=199)
    assert (found["status"], found["drifted_columns"], found["columns"]) == ("too few rows", 0, [])
    assert found["summary"] == "199 rows were captured, and 200 are needed to compare."


def test_without_an_approved_model_there_is_nothing_to_compare_with(check: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "in" / "baseline").mkdir(parents=True)
    (tmp_path / "in" / "baseline" / "0abc.tar.gz").write_bytes(b"the code bundle stands in")
    found = check()
    assert (found["status"], found["drifted_columns"]) == ("no model", 0)


@pytest.mark.parametrize("text", ["{", "[]", '{"format_version": 1}', '{"format_version": 2}'])
def test_a_baseline_that_cannot_be_used_is_said_in_a_sentence(
    check: Callable[..., Any], tmp_path: Path, text: str
) -> None:
    (tmp_path / "in" / "baseline").mkdir(parents=True)
    (tmp_path / "in" / "baseline" / "baseline.json").write_text(text)
    with pytest.raises(SystemExit):
        check()
    message = (tmp_path / "message" / "message").read_text()
    assert message.startswith("MeasureDrift: baseline.json ")
    assert message.endswith("train the model again.")
