from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from config.errors import ConfigurationError
from config.loading import load_problem
from config.preparation import settings_arguments
from processing_scripts.preparing.settings import Expected, Settings, Split, read_settings

PROBLEM = {
    "goal": "Know.",
    "data": "things.csv",
    "target": "y",
    "kind": "binary",
    "metric": "auc",
    "threshold": 0.8,
}


def problem(tmp_path: Path, **more: Any) -> Any:
    path = tmp_path / "things.yaml"
    path.write_text(yaml.safe_dump({**PROBLEM, **more}, allow_unicode=True))
    return load_problem(path)


def test_a_problem_that_says_nothing_tells_the_scripts_nothing(tmp_path: Path) -> None:
    assert settings_arguments(problem(tmp_path)) == []
    assert read_settings([]) == Settings()


def test_what_a_problem_says_reaches_the_scripts(tmp_path: Path) -> None:
    columns = {f"Größe {number}": {"type": "number", "min": number, "values": ["a", "b"]} for number in range(30)}
    given = problem(
        tmp_path,
        split={"by": "time", "column": "when", "test": 0.2},
        contract={"columns": {**columns, "y": None}, "only": True},
        personal=["name"],
        evaluation={"slices": ["sex"]},
    )
    words = settings_arguments(given)
    assert len(words) > 5
    assert all(len(word) <= 256 and word.startswith("--settings=") and word.isascii() for word in words)
    found = read_settings([word.removeprefix("--settings=") for word in words])
    assert found.split == Split(by="time", column="when", test=0.2)
    assert found.contract.columns["Größe 3"] == Expected(type="number", min=3, values=["a", "b"])
    assert found.contract.columns["y"] == Expected()
    assert (found.contract.only, found.personal, found.slices) == (True, ("name",), ("sex",))


@pytest.mark.parametrize(
    ("settings", "path", "message"),
    [
        ({"split": {"by": "time"}}, "split.by", "rows cannot be split by time without a column."),
        ({"split": {"by": "times", "column": "a"}}, "split.by", "`times` is none of the choices."),
        ({"split": {"column": "a"}}, "split.column", "rows are dealt out at random, whatever `a` says."),
        ({"split": {"by": "group", "column": "y"}}, "split.column", "`y` is the target"),
        ({"split": {"test": 0.7}}, "split.test", "0.7 is out of range."),
        ({"contract": {"columns": {"a": {"min": 3, "max": 2}}}}, "contract.columns.a", "`min` (3) is above `max` (2)."),
        ({"contract": {"columns": {"a": {"type": "date", "min": 3}}}}, "contract.columns.a", "a date has no `min`"),
        ({"contract": {"columns": {"a": {"typ": "date"}}}}, "contract.columns.a.typ", "there is no such setting."),
        ({"contract": {"only": True}}, "contract.only", "the target `y` is not among the columns."),
        (
            {"contract": {"columns": {f"column {n}": {"max": n, "missing": 0.5} for n in range(600)}}},
            "contract",
            "do not fit a job.",
        ),
        ({"selection": {"keep": 3}}, "selection.by", "columns are selected by nothing."),
        ({"selection": {"by": "variance"}}, "selection", "nothing says how many columns are kept."),
        ({"selection": {"by": "elimination", "least": 0.1}}, "selection", "elimination ends at a number of columns."),
        ({"features": {"encoding": "hash"}}, "features.encoding", "`hash` is none of the choices."),
    ],
)
def test_what_does_not_fit_together_is_said(tmp_path: Path, settings: dict[str, Any], path: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        problem(tmp_path, **settings)
    assert [(each.path, message in each.message) for each in raised.value.mistakes] == [(path, True)]
