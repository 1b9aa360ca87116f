"""The command line as a whole: every command is documented, and mistakes are sentences with exit codes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from cli import reference
from cli.main import COMMANDS, main, sageline

ROOT = Path(__file__).parents[2]


def command_of(name: str) -> click.Command:
    found = sageline.get_command(click.Context(sageline), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"sageline {name}" in (command_of(name).epilog or "")
    assert re.search(r"Examples?:", shown)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name: str) -> None:
    options = [parameter for parameter in command_of(name).params if isinstance(parameter, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_every_file_of_a_command_is_listed() -> None:
    files = {path.stem for path in (ROOT / "cli" / "commands").glob("*.py")} - {"__init__"}
    assert files == set(COMMANDS)


def test_the_reference_page_is_what_the_help_says() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert page == reference.markdown(), "run: make docs"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_names_every_command(name: str) -> None:
    assert f"`sageline {name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_what_is_registered_for_the_exit_is_done_at_the_end_of_a_command() -> None:
    program = "import atexit; from cli.main import entry; atexit.register(print, 'and then the end'); entry()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--version"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.endswith("\nand then the end\n")


def test_a_misspelt_command_gets_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rnu"]) == 2
    assert capsys.readouterr().err == "sageline: There is no command 'rnu'. Did you mean `sageline run`?\n"


def test_a_missing_argument_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run"]) == 2
    assert "Missing argument 'PROBLEM'" in capsys.readouterr().err


def test_a_bug_is_a_sentence_and_its_traceback_is_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_home: Path) -> None:
        message = "planted"
        raise RuntimeError(message)

    monkeypatch.setenv("SAGELINE_HOME", str(tmp_path))
    monkeypatch.setattr("cli.doctor.checks", broken)
    assert main(["doctor"]) == 1
    shown = capsys.readouterr()
    assert "RuntimeError: planted" in shown.err
    assert "Traceback" not in shown.err + shown.out
    assert "Traceback" in (tmp_path / "sageline.log").read_text(encoding="utf-8")
