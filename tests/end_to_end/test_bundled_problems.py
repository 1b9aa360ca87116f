"""The bundled problems of the other kinds reach the registry too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import call


@pytest.mark.parametrize("problem", ["diabetes", "digits"])
def test_the_other_bundled_problems_reach_the_registry(tmp_path: Path, problem: str) -> None:
    done = call(tmp_path, "run", problem, "--json")
    assert done.code == 0, done.err
    assert done.json["model_package"].endswith(f"sageline-{problem}/1")
    assert Path(done.json["report"]).is_file()
