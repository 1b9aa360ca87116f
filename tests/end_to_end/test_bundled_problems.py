"""The bundled problems of the other kinds reach the registry too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import ROOT, here

# Fewer trees than by themselves: there is one for each digit and round.
CHANGES = {"diabetes": "", "digits": "training: {hyperparameters: {num_round: 30}}\n"}


@pytest.mark.parametrize("name", CHANGES)
def test_the_other_bundled_problems_reach_the_registry(tmp_path: Path, name: str) -> None:
    problem = tmp_path / f"{name}.yaml"
    text = (ROOT / "config" / "problems" / f"{name}.yaml").read_text(encoding="utf-8")
    problem.write_text(text + CHANGES[name], encoding="utf-8")
    done = here(tmp_path / "home", "run", str(problem), "--json")
    assert done.code == 0, done.err
    assert done.json["model_package"].endswith(f"sageline-{name}/1")
    assert Path(done.json["report"]).is_file()
