"""Training that is cut short and goes on from its checkpoints."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.jobs import ROOT, files_of, inside, training_environment
from tests.training_scripts.cluster import train_on
from training_scripts.checkpoints import EVERY, FILE
from training_scripts.train_xgboost import main as train_xgboost

ARGUMENTS = ("--seed", "3", "--num_round", "60", "--early_stopping_rounds", "60")


def train(prepared: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return inside(
        train_xgboost,
        *(arguments or ARGUMENTS),
        environment=training_environment(prepared, folder / "model"),
    )


def cut_short(prepared: Path, folder: Path, line: str) -> None:
    """Kill a training as soon as it has printed a line that starts so."""
    inherited = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    environment = {**inherited, **training_environment(prepared, folder / "model"), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "training_scripts.train_xgboost", *ARGUMENTS],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for printed in process.stdout:
            if printed.startswith(line):
                process.send_signal(signal.SIGKILL)
                break


@pytest.fixture(scope="module")
def whole(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    (folder / "checkpoints").mkdir()
    ran = train(prepared, folder)
    assert ran.returncode == 0, ran.stderr
    return folder


def test_a_training_that_was_killed_twice_gives_the_same_bytes(whole: Path, prepared: Path, tmp_path: Path) -> None:
    (tmp_path / "checkpoints").mkdir()
    cut_short(prepared, tmp_path, f"[{EVERY + 3}]")
    cut_short(prepared, tmp_path, f"[{2 * EVERY + 3}]")
    ran = train(prepared, tmp_path)

    assert ran.returncode == 0, ran.stderr
    going_on, first = ran.stdout.splitlines()[:2]
    assert going_on == f"Going on after round {2 * EVERY}, from a checkpoint."
    assert first.startswith(f"[{2 * EVERY}] train-auc:")
    assert files_of(tmp_path / "model") == files_of(whole / "model")


def test_a_checkpoint_of_another_training_is_left_alone(whole: Path, prepared: Path, tmp_path: Path) -> None:
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / FILE).write_bytes((whole / "checkpoints" / FILE).read_bytes())
    ran = train(prepared, tmp_path, "--seed", "4", "--num_round", "5")

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("[0] train-auc:")


def test_without_a_checkpoint_folder_none_is_written(prepared: Path, tmp_path: Path) -> None:
    assert train(prepared, tmp_path, "--seed", "3", "--num_round", "30").returncode == 0
    assert not (tmp_path / "checkpoints").exists()


def test_hosts_go_on_from_the_leading_ones_checkpoint(prepared: Path, tmp_path: Path) -> None:
    models = []
    for _ in ("from nothing", "from the checkpoint"):
        for name in ("algo-1", "algo-2"):
            (tmp_path / name / "checkpoints").mkdir(parents=True, exist_ok=True)
        first, second = train_on(2, prepared, tmp_path, "--seed", "3", "--num_round", str(EVERY + 10))
        assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
        models.append(files_of(tmp_path / "algo-1" / "model"))
        assert not (tmp_path / "algo-2" / "checkpoints" / FILE).exists()

    assert f"Going on after round {EVERY}, from a checkpoint." in first.stdout
    assert models[0] == models[1]
