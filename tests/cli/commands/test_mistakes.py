"""Homes and data that cannot be read are the person's to mend: a sentence, exit code 2, and no word of a bug."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cli.errors import CommandError
from cli.inputs import _chunks
from cli.main import main


@pytest.mark.parametrize("arguments", [["runs"], ["models"], ["show", "latest"], ["run", "breast_cancer"]])
def test_a_corrupt_home_is_a_sentence(arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "state.db").write_text("not a database, and longer than its header would be" * 100)

    assert main([*arguments, "--home", str(tmp_path)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"sageline: {tmp_path}/state.db is not a state file that can be read")
    assert not (tmp_path / "sageline.log").exists()


def test_data_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        list(_chunks(tmp_path))


def test_a_drafted_file_is_named_as_a_shell_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text("a,b,y\n" + "".join(f"{n % 13},{n % 7},{n % 2}\n" for n in range(80)))

    assert main(["init", "t.csv", "--target", "y", "-o", "my table.yaml"]) == 0
    assert "sageline run 'my table.yaml'" in capsys.readouterr().out


def test_a_closed_stdout_leaves_no_traceback(tmp_path: Path) -> None:
    command = f"exec {sys.executable} -m cli runs --home {tmp_path} >&-"
    ended = subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE, text=True, check=False)

    assert "Traceback" not in ended.stderr
