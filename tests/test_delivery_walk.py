"""Every command of docs/delivery.md and CONTRIBUTING.md exists, with the options that it is shown with."""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import click
import pytest
import yaml

from cli.main import sageline

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
SHOWN = re.compile(r"^\$ (?:\.venv/bin/)?((?:make|sageline) .*?)(?:\s+#.*)?$", re.MULTILINE)
PAGES = (ROOT / "docs" / "delivery.md", ROOT / "CONTRIBUTING.md")
COMMANDS = [(page.name, command) for page in PAGES for command in SHOWN.findall(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("page", "command"), COMMANDS, ids=[f"{page}: {command}" for page, command in COMMANDS])
def test_a_command_exists_with_what_it_is_given(page: str, command: str) -> None:
    program, *words = command.split()
    if program == "make":
        assert {word for word in words if "=" not in word} <= TARGETS
        variables = [word.partition("=")[0] for word in words if "=" in word]
        assert [name for name in variables if f"$({name})" not in MAKEFILE] == []
    else:
        known = sageline.get_command(click.Context(sageline), words[0])
        assert known is not None, f"there is no command {words[0]}"
        options = {option for parameter in known.params for option in parameter.opts}
        assert [word for word in words if word.startswith("-") and word not in options] == []


@pytest.mark.parametrize("target", ["run", "try"])
def test_what_a_target_runs_is_taken_by_the_commands(target: str, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.touch()
    variables = ["SAGELINE=sageline", "PROBLEM=digits", "ENVIRONMENT=dev", f"ROWS={rows}"]
    shown = subprocess.run(
        ["make", "--dry-run", "--old-file=setup", target, *variables],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    commands = [shlex.split(line) for line in shown.stdout.splitlines() if line.startswith("sageline ")]
    assert len(commands) == {"run": 1, "try": 2}[target]
    for _, name, *words in commands:
        above = sageline.make_context("sageline", [name, *words])
        known = sageline.get_command(above, name)
        assert known is not None, f"there is no command {name}"
        known.make_context(name, words, parent=above)  # fails on what the command does not take


def test_there_are_commands_on_each_page() -> None:
    assert {page for page, _ in COMMANDS} == {page.name for page in PAGES}


def test_hooks_before_commits_are_make_targets() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    hooks = [hook for each in yaml.safe_load(text)["repos"] for hook in each["hooks"]]
    assert {hook["entry"].removeprefix("make ") for hook in hooks} <= TARGETS


def test_the_changelog_says_what_the_version_changes() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"\n## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
