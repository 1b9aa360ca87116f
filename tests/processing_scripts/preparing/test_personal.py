"""Nothing that Prepare writes for people, or for a model to carry, shows a value of a personal column."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from inference.cells import digest_of_level
from inference.features import load_features
from inference.rows import RowTransform
from processing_scripts.drift import main as drift
from processing_scripts.prepare import main
from tests.support.captured import captured_key, captured_line
from tests.support.jobs import prepare_arguments, write_csv

NAMES = [f"person {letter}" for letter in "abcdef"]
TOWNS = [f"town {number}" for number in range(60)]
COLUMNS = ["name", "town", "pay", "born", "size", "y"]
PERSONAL = COLUMNS[:4]


def cells(draw: random.Random) -> list[Any]:
    pay, born = 10_000 + draw.randrange(80_000), f"19{draw.randrange(40, 99)}-03-{draw.randrange(10, 28)}"
    return [draw.choice(NAMES), draw.choice(TOWNS), pay, born, round(draw.gauss(0, 1), 3)]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("personal")
    draw = random.Random(3)  # noqa: S311 - test data
    rows = [[*cells(draw), draw.choice(["no", "yes"])] for _ in range(1_500)]
    write_csv(folder / "in" / "data.csv", COLUMNS, rows)
    settings = json.dumps({"personal": PERSONAL})
    main(prepare_arguments(folder / "in", folder / "out", "y", "auc", f"--settings={settings}", "--raw"))
    return folder / "out"


def test_no_text_of_a_personal_column_is_written_down(prepared: Path) -> None:
    for name in (
        "features/features.json",
        "features/sample_rows.json",
        "profile/profile.json",
        "profile/baseline.json",
    ):
        text = (prepared / name).read_text()
        assert not [value for value in [*NAMES, *TOWNS] if f'"{value}"' in text], name
        assert "1970-03" not in text


def test_ranges_of_personal_numbers_are_rounded(prepared: Path) -> None:
    pay = next(each for each in json.loads((prepared / "profile" / "baseline.json").read_text())["columns"]
               if each["name"] == "pay")  # fmt: skip
    assert all(value % 1_000 == 0 for value in pay["values"])
    assert pay["shares"][-1] == 1
    (column,) = (each for each in load_features(prepared / "features" / "features.json").columns if each.name == "pay")
    assert (column.low, column.high) == (10_000, 90_000)  # type: ignore[union-attr]


def test_a_served_row_is_still_known_by_its_levels(prepared: Path) -> None:
    features = load_features(prepared / "features" / "features.json")
    row = RowTransform(features).record(
        dict(zip(COLUMNS, [NAMES[2], TOWNS[4], 50_000, "1970-03-12", 0.5], strict=False))
    )
    made = dict(zip(features.feature_names(), row, strict=True))
    assert [name for name, value in made.items() if name.startswith("name=") and value == 1] == [
        f"name={digest_of_level(NAMES[2], 'name')}"
    ]


def test_rows_that_automl_shows_have_no_personal_cells(prepared: Path) -> None:
    lines = (prepared / "raw_test" / "samples-00000.csv").read_text().splitlines()
    whole = (prepared / "raw_test" / "rows-00000.csv").read_text().splitlines()
    assert len(lines) == 20
    assert [line.rpartition(",") for line in lines] == [(",,,", ",", row.rpartition(",")[2]) for row in whole[:20]]


def test_drift_is_measured_of_digests_rounded_numbers_and_dates(prepared: Path, tmp_path: Path) -> None:
    def found(change: Any) -> Any:
        draw = random.Random(4)  # noqa: S311 - test data
        path = tmp_path / "in" / "captured" / captured_key("live", 1)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(captured_line([change(cells(draw))]) + "\n" for _ in range(600)))
        if not (tmp_path / "in" / "baseline").exists():
            (tmp_path / "in" / "baseline").symlink_to(prepared / "profile")
        drift(["--input", str(tmp_path / "in"), "--output", str(tmp_path / "out")])
        return json.loads((tmp_path / "out" / "drift" / "drift.json").read_text())

    assert found(lambda row: row)["drifted_columns"] == 0
    changed = found(lambda row: ["somebody", row[1], row[2] + 30_000, "soon", row[4]])
    drifted = {each["name"]: each["drifted"] for each in changed["columns"] if each["drifted"]}
    assert set(drifted) == {"name", "pay", "born"}
    assert drifted["born"] == ["100% are no dates"]
    assert "somebody" not in json.dumps(changed)
