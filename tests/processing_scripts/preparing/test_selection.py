"""Selection of columns, through the whole of Prepare."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from sklearn.metrics import mutual_info_score

from inference.columns import Ignored
from inference.features import Features, load_features
from processing_scripts.prepare import main
from processing_scripts.preparing.selection import _information
from tests.support.jobs import prepare_arguments, write_csv

COLUMNS = ["noise", "strong", "seldom", "weak", "kind", "y"]
Prepared = Callable[..., Path]


def table(regression: bool = False) -> list[list[object]]:
    draw = random.Random(3)  # noqa: S311 - test data
    rows: list[list[object]] = []
    for row in range(600):
        strong, weak, kind = draw.gauss(0, 1), draw.gauss(0, 1), draw.choice("abc")
        value = 2 * strong + 0.7 * weak + (kind == "a") + draw.gauss(0, 0.7)
        y = round(value, 4) if regression else ["no", "yes"][value > 0]
        rows.append([draw.gauss(0, 1), strong, int(row % 100 == 0), weak, kind, y])
    return rows


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Prepared:
    monkeypatch.setenv("SM_OUTPUT_DIR", str(tmp_path / "message"))
    monkeypatch.delenv("SM_MODEL_DIR", raising=False)

    def prepare(output: str = "out", regression: bool = False, **selection: Any) -> Path:
        write_csv(tmp_path / "in" / "data.csv", COLUMNS, table(regression))
        words = [f"--settings={json.dumps({'selection': selection})}"] if selection else []
        metric = "rmse" if regression else "auc"
        main(prepare_arguments(tmp_path / "in", tmp_path / output, "y", metric, *words))
        return tmp_path / output

    return prepare


def kept(output: Path) -> list[str]:
    return [column.name for column in features(output).used]


def features(output: Path) -> Features:
    return load_features(output / "features" / "features.json")


def test_nothing_is_selected_unless_asked(prepared: Prepared) -> None:
    assert kept(prepared()) == COLUMNS[:-1]


@pytest.mark.parametrize("regression", [False, True])
@pytest.mark.parametrize("by", ["mutual_information", "importance", "elimination"])
def test_columns_that_say_most_are_kept(prepared: Prepared, by: str, regression: bool) -> None:
    output = prepared(by=by, keep=2, regression=regression)
    assert kept(output) in (["strong", "weak"], ["strong", "kind"])
    profile = json.loads((output / "profile" / "profile.json").read_text())
    assert next(each["column"] for each in profile["selection"] if each["kept"]) == "strong"
    assert len(profile["selection"]) == 5
    left = next(column for column in features(output).columns if column.name == "seldom")
    assert isinstance(left, Ignored)
    assert left.reason.startswith("was not selected (")
    names = pq.read_schema(output / "train" / "features-00000.parquet").names
    assert not any(name.startswith(("seldom", "noise")) for name in names)


def test_columns_that_hardly_vary_are_filtered(prepared: Prepared) -> None:
    assert kept(prepared(by="variance", least=0.05)) == ["noise", "strong", "weak", "kind"]


def test_a_selection_is_the_same_every_time(prepared: Prepared) -> None:
    one, two = (prepared(name, by="elimination", keep=3) for name in ("one", "two"))
    assert (one / "profile" / "profile.json").read_bytes() == (two / "profile" / "profile.json").read_bytes()


def test_a_filter_that_nothing_passes_is_said(prepared: Prepared, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        prepared(by="mutual_information", least=5.0)
    assert "no column reaches the mutual information with the target that `selection.least`" in capsys.readouterr().err


def test_information_is_scikit_learns() -> None:
    draw = np.random.default_rng(1)
    codes, target = draw.integers(0, 9, 500), draw.integers(0, 3, 500)
    assert _information(codes, target) == pytest.approx(mutual_info_score(codes, target))
