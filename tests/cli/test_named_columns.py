from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.errors import CommandError
from cli.named_columns import check_columns
from config.loading import load_problem

PROBLEM = {"goal": "Know.", "target": "y", "kind": "binary", "metric": "auc", "threshold": 0.8}


def problem(folder: Path, data: str, **more: Any) -> Any:
    path = folder / "things.yaml"
    path.write_text(yaml.safe_dump({**PROBLEM, "data": data, **more}))
    return load_problem(path)


def test_columns_that_the_data_lacks_are_named(tmp_path: Path) -> None:
    (tmp_path / "things.csv").write_text("age;sex;y\n" + "1;f;no\n" * 30)
    check_columns(problem(tmp_path, "things.csv", evaluation={"slices": ["sex"]}, format={"delimiter": ";"}))
    with pytest.raises(
        CommandError, match=r"things does not fit its data: .*'sx', which `evaluation.slices` names; did"
    ):
        check_columns(problem(tmp_path, "things.csv", evaluation={"slices": ["sx"]}))


def test_data_that_is_no_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "things.csv").write_text("")
    with pytest.raises(CommandError, match=r"does not fit its data: .* is empty"):
        check_columns(problem(tmp_path, "things.csv"))


@pytest.mark.parametrize("data", ["elsewhere.csv", "s3://bucket/things.csv", "builtin://digits"])
def test_data_that_is_not_at_hand_is_not_looked_at(tmp_path: Path, data: str) -> None:
    check_columns(problem(tmp_path, data))
