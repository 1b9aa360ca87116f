"""pip inside jobs: it says what is here, and installs nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from local.jobs.environment import SHIMS, base_environment
from local.jobs.shims.pip.requirements import check, of_file


def pip(folder: Path, *words: str, by_module: bool = False) -> subprocess.CompletedProcess[str]:
    start = [sys.executable, "-m", "pip"] if by_module else [str(SHIMS / "bin" / "pip")]
    return subprocess.run(
        [*start, *words], cwd=folder, env=base_environment(folder, 1), capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("by_module", [False, True])
def test_what_is_here_is_satisfied_and_what_is_not_is_said(tmp_path: Path, by_module: bool) -> None:
    (tmp_path / "r.txt").write_text("numpy>=1\nno-such-package==1.0 # why\n-i https://index\n")
    here = pip(tmp_path, "install", "--upgrade", "-q", "numpy", "pip", by_module=by_module)
    missing = pip(tmp_path, "install", "-r", "r.txt", by_module=by_module)

    assert (here.returncode, here.stdout) == (
        0,
        "Requirement already satisfied: numpy\nRequirement already satisfied: pip\n",
    )
    assert missing.returncode == 1
    assert missing.stderr == (
        "pip install asks for packages that are not here, and jobs on the laptop install nothing: "
        "no-such-package==1.0 (not installed). Satisfied: numpy>=1.\n"
    )


def test_nothing_is_removed(tmp_path: Path) -> None:
    assert pip(tmp_path, "uninstall", "--yes", "numpy").returncode == 0
    assert np.__file__ is not None
    assert Path(np.__file__).exists()


def test_a_requirements_file_is_read_as_pip_reads_it(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text(
        "# all\nnumpy<1\npandas[all] \\\n >= 1\n-r more.txt\n--extra-index-url https://x\n-e .\n"
        "colour ; python_version < '3'\ngit+https://example.org/x.git\n"
    )
    (tmp_path / "more.txt").write_text("-r requirements.txt\nxgboost\n")
    found = of_file(tmp_path / "requirements.txt")

    assert found.met == ["pandas[all]   >= 1", "xgboost"]
    assert found.unmet == [
        f"numpy<1 ({np.__version__} is installed)",
        ". (only names of packages can be looked up)",
        "git+https://example.org/x.git (only names of packages can be looked up)",
    ]


def test_nothing_asked_is_nothing_missing() -> None:
    assert check([]).unmet == []
