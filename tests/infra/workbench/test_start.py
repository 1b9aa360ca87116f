"""The script that SageMaker runs at every start, run as it is rendered; systemd's part is only written down."""

from __future__ import annotations

import ast
import getpass
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.constructs.notebook_lifecycle import PROGRAMS, script

SYSTEMD_RUN = '#!/bin/bash\nprintf "%s\\n" "$*" >> "$CALLS"\n'


def start(folder: Path, **settings: str) -> list[str]:
    """Run the rendered script and return what it asked systemd for."""
    tools = folder / "tools"
    tools.mkdir()
    (tools / "systemd-run").write_text(SYSTEMD_RUN, encoding="utf-8")
    (tools / "systemd-run").chmod(0o755)
    given = {
        "IDLE_MINUTES": "45",
        "NOTEBOOK_USER": getpass.getuser(),
        "PACKAGES": "wheels",
        "WORK": str(folder / "home" / "SageMaker"),
        **settings,
    }
    calls = folder / "calls.txt"
    environment = {"PATH": f"{tools}:{os.defpath}", "CALLS": str(calls)}
    text = script(given, folder=str(folder / "programs"))
    subprocess.run(["/bin/bash", "-c", text], env=environment, check=True, timeout=60)
    return calls.read_text(encoding="utf-8").splitlines()


def test_the_idle_program_runs_every_five_minutes_as_the_user(tmp_path: Path) -> None:
    idle, _ = start(tmp_path)
    assert "--unit=sageline-idle --on-active=5min --on-unit-active=5min" in idle
    assert f"--uid={getpass.getuser()}" in idle
    home = tmp_path / "home"
    assert idle.endswith(f"/usr/bin/python3 {tmp_path}/programs/idle.py --minutes 45 --home {home}")
    assert (home / "SageMaker" / ".sageline").is_dir()


def test_the_long_part_is_left_to_systemd(tmp_path: Path) -> None:
    _, setup = start(tmp_path)
    assert setup == f"--quiet --unit=sageline-setup /bin/bash {tmp_path}/programs/setup.sh"


def test_without_packages_nothing_is_set_up(tmp_path: Path) -> None:
    assert len(start(tmp_path, PACKAGES="none")) == 1


def test_settings_arrive_as_they_were_written(tmp_path: Path) -> None:
    hostile = "https://host/a'b$(touch x);`y` \\ \"z"
    start(tmp_path, REPOSITORY_URL=hostile)
    told = 'printf "%s" "$REPOSITORY_URL"'
    read = ["/bin/bash", "-c", f". {tmp_path}/programs/settings.sh && {told}"]
    assert subprocess.check_output(read, text=True) == hostile


def test_the_idle_program_is_written_whole_but_for_its_docstrings(tmp_path: Path) -> None:
    start(tmp_path)
    tree = ast.parse((PROGRAMS / "idle.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            node.body = [each for each in node.body if not (isinstance(each, ast.Expr) and is_text(each.value))]
    written = (tmp_path / "programs" / "idle.py").read_text(encoding="utf-8")
    assert ast.dump(ast.parse(written)) == ast.dump(tree)
    assert '"""' not in written


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@pytest.mark.parametrize("name", ["install.sh", "setup.sh", "start.sh"])
def test_what_is_written_is_the_program_without_its_comments(tmp_path: Path, name: str) -> None:
    start(tmp_path)
    lines = (PROGRAMS / name).read_text(encoding="utf-8").splitlines()
    expected = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    assert (tmp_path / "programs" / name).read_text(encoding="utf-8").splitlines() == expected


def test_a_script_that_sagemaker_would_not_take_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"has [\d,]+ characters; SageMaker takes 16,384"):
        script({"REPOSITORY_URL": "x" * 4_000})


def test_the_programs_are_sound_shell() -> None:
    shellcheck = Path(sys.executable).with_name("shellcheck")
    files = sorted(map(str, PROGRAMS.glob("*.sh")))
    assert len(files) == 3
    done = subprocess.run([str(shellcheck), *files], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
