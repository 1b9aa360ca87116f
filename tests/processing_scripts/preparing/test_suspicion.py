from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from processing_scripts.prepare import main
from processing_scripts.preparing.splitting import SPLITS, TRAIN, draw
from processing_scripts.preparing.suspicion import chi_squared_tail, drifts, tells
from processing_scripts.preparing.target import Target
from tests.support.jobs import prepare_arguments, write_csv

ROWS = 2000
SPREAD = np.asarray(draw(1, ROWS) % np.uint64(10))
SPLIT = np.select([SPREAD == 0, SPREAD == 1], [1, 2], 0).astype(np.uint8)


def told(
    codes: NDArray[np.int64], values: NDArray[np.float64], labels: tuple[str, ...] = ("no", "yes")
) -> float | None:
    target = Target("regression" if not labels else "binary", labels, values)
    return tells(codes, int(codes.max()) + 1, target, SPLIT == TRAIN, SPLIT != TRAIN)


@pytest.mark.parametrize("degrees", range(1, 14))
@pytest.mark.parametrize("value", [0.01, 1.0, 7.3, 40.0])
def test_chances_are_scipys(value: float, degrees: int) -> None:
    assert chi_squared_tail(value, degrees) == pytest.approx(stats.chi2.sf(value, degrees), rel=1e-9)


def test_a_column_that_is_the_target_tells_all_and_noise_nothing() -> None:
    values = (draw(2, ROWS) % np.uint64(2)).astype(np.float64)
    assert told(values.astype(np.int64), values) == 1.0
    assert (told((draw(3, ROWS) % np.uint64(7)).astype(np.int64), values) or 0) < 0.2
    missing = np.where(values == 1, -1, 0)
    assert told(missing, values) == 1.0


def test_a_rare_class_is_not_told_by_never_naming_it() -> None:
    values = (draw(4, ROWS) % np.uint64(50) == 0).astype(np.float64)
    assert told(np.zeros(ROWS, dtype=np.int64), values) == 0.0


def test_values_are_told_by_their_mean() -> None:
    codes = (draw(5, ROWS) % np.uint64(20)).astype(np.int64)
    noise = np.random.default_rng(1).normal(size=ROWS)
    assert told(codes, codes + 0.01 * noise, ()) == pytest.approx(1.0, abs=1e-3)
    assert told(codes, noise, ()) == pytest.approx(0.0, abs=0.05)


def test_splits_that_are_alike_do_not_drift_and_others_are_named() -> None:
    codes = (draw(6, ROWS) % np.uint64(30)).astype(np.int64)
    assert drifts(codes, 30, SPLIT, 20) == []
    moved = np.where(SPLITS.index("test") == SPLIT, codes // 3, codes)
    found = drifts(moved, 30, SPLIT, 20)
    assert [each["split"] for each in found] == ["test"]
    assert found[0]["psi"] > 0.5


def test_a_planted_leak_and_a_planted_drift_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SM_OUTPUT_DIR", str(tmp_path / "message"))
    draws = random.Random(9)  # noqa: S311 - test data
    rows = []
    for row in range(1000):
        size, y = draws.gauss(0, 1), draws.choice(["no", "yes"])
        price = draws.gauss(0, 1) + (2 if row > 850 else 0)
        rows.append([f"2024-{row // 100 + 1:02}-{row % 28 + 1:02}", size, price, {"no": "A7", "yes": "B2"}[y], y])
    write_csv(tmp_path / "in" / "data.csv", ["when", "size", "price", "closing code", "y"], rows)
    settings = json.dumps({"split": {"by": "time", "column": "when"}, "personal": ["closing code"]})
    main(prepare_arguments(tmp_path / "in", tmp_path / "out", "y", "auc", f"--settings={settings}"))
    text = (tmp_path / "out" / "profile" / "profile.json").read_text()
    profile = json.loads(text)
    assert profile["leaks"] == [{"column": "closing code", "tells": 1.0}]
    assert {each["column"] for each in profile["drifts"]} == {"price"}
    assert any(
        note.startswith("The column price is spread differently in test than in train")
        for note in profile["suspicions"]
    )
    by_name = {column["name"]: column for column in profile["columns"]}
    assert sum(by_name["size"]["by_class"]["yes"]) + sum(by_name["size"]["by_class"]["no"]) == 1000
    assert (by_name["when"]["min_date"], by_name["when"]["max_date"]) == ("2024-01-01", "2024-10-28")
    assert profile["correlations"]["columns"] == ["when", "size", "price", "y"]
    assert "A7" not in text
    samples = json.loads((tmp_path / "out" / "features" / "sample_rows.json").read_text())
    assert {row["closing code"] for row in samples} == {None}
