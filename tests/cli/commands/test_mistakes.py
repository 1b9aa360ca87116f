"""Homes and data that cannot be read are the person's to mend: a sentence, exit code 2, and no word of a bug."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import doctor
from cli.errors import CommandError
from cli.inputs import _chunks
from cli.main import main
from config.loading import PROBLEMS

PACKAGE = "arn:aws:sagemaker:us-east-1:000000000000:model-package/nope"


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


def test_a_problem_that_the_environment_cannot_serve_as_it_asks_is_refused_before_anything_is_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (PROBLEMS / "breast_cancer.yaml").read_text(encoding="utf-8")
    file = tmp_path / "served.yaml"
    file.write_text(f"{text}\ncompile: {{targets: [ml_c5], endpoint: true}}\n", encoding="utf-8")

    assert main(["validate", str(file), "--home", str(tmp_path / "home")]) == 2
    assert capsys.readouterr().err == (
        f"sageline: {file} has a mistake:\n  compile.endpoint: the endpoint's instances in the environment dev are "
        "`ml.m5.large`, and the model is compiled for ml_c5. Add `ml_m5` to `compile.targets`, or remove `endpoint`.\n"
    )


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


@pytest.mark.parametrize("arguments", ["doctor", "--help"])
def test_output_without_room_is_no_bug(arguments: str, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    command = f"exec {sys.executable} -m cli {arguments} > /dev/full"
    ended = subprocess.run(
        ["sh", "-c", command],
        env={**os.environ, "SAGELINE_HOME": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stderr.startswith("sageline: The output, or a file in the home, cannot be written: No space left")
    assert not (tmp_path / "sageline.log").exists()


@pytest.mark.parametrize("home", [["--home", "{}"], ["--home={}"]])
def test_a_mistake_of_ours_is_written_down_in_the_home_that_was_given(
    home: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_home: Path) -> Iterator[doctor.Check]:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(doctor, "checks", broken)
    given = tmp_path / "given"

    assert main(["doctor", *(word.format(given) for word in home)]) == 1

    assert f"The details are in {given}/sageline.log" in capsys.readouterr().err
    assert "ZeroDivisionError: by zero" in (given / "sageline.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("nope", "There is no model package 'nope'. `sageline models` lists them as PROBLEM/VERSION."),
        ("nope/3", "There is no model package 'nope/3'."),
        (f"{PACKAGE}/3", f"There is no model package '{PACKAGE}/3'."),
        ("arn:nope", "'arn:nope' is not the ARN of a model package (arn:aws:sagemaker:REGION:"),
    ],
)
def test_a_model_that_is_not_there_is_said_in_our_own_words(
    wanted: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["approve", wanted, "--home", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith(f"sageline: {said}")


def test_the_list_of_a_problem_without_models_is_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "nope", "--home", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("No model of 'nope' is registered.")
    assert main(["models", "nope", "--json", "--home", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "[]\n"


def test_a_device_is_not_replaced_by_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, place = tmp_path / "t.csv", tmp_path / "pipe"
    table.write_text("a,b,y\n" + "".join(f"{n % 13},{n % 7},{n % 2}\n" for n in range(80)))
    os.mkfifo(place)

    assert main(["init", str(table), "--target", "y", "-o", str(place), "--force"]) == 2

    assert "is no file that could be replaced. Choose another place with -o." in capsys.readouterr().err
    assert place.is_fifo()
