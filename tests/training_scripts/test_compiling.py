from __future__ import annotations

import json
import logging
from pathlib import Path

import numpy as np
import pytest

from inference.archive import open_archive
from inference.compiled import CompiledModel
from inference.compiler import compiling, host_target
from inference.compiler.toolchain import find_compiler
from inference.job import JobError
from inference.predict import XGBoostModel
from tests.support.jobs import training_environment
from training_scripts.compiling import SERVED, compile_trained
from training_scripts.train_baseline import main as train_baseline
from training_scripts.train_xgboost import main as train_xgboost


@pytest.fixture(scope="module", autouse=True)
def compiled_for_this_machine_alone() -> None:
    """Here it is compiled for all that endpoints run on."""


TRAINERS = {"xgboost": (train_xgboost, ["--num_round", "5"]), "linear": (train_baseline, ["--penalty", "1"])}


@pytest.mark.parametrize("name", TRAINERS)
def test_the_archive_carries_the_compiled_model_and_is_served_with_it(
    prepared: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    for key, value in training_environment(prepared, tmp_path / "model").items():
        monkeypatch.setenv(key, value)
    train, arguments = TRAINERS[name]
    train(arguments)
    expected = {target.name for target in SERVED if find_compiler(target)} | {host_target().name}
    assert {path.name for path in (tmp_path / "model" / "compiled").iterdir()} == expected
    printed = capsys.readouterr().out
    for target in expected:
        assert f"compiled for {target}, " in printed
    assert printed.count(" rows, 0 with other bits") == len(expected)
    manifest = json.loads((tmp_path / "model" / "manifest.json").read_text())
    assert f"compiled/{host_target().name}/compiled.so" in manifest["files"]
    assert manifest["formats"]["compiled"] == compiling.FORMAT_VERSION
    with caplog.at_level(logging.WARNING):
        archive = open_archive(tmp_path / "model")
    assert isinstance(archive.model, CompiledModel)
    assert archive.model.name == name
    assert not caplog.messages


def test_without_a_c_compiler_the_archive_is_complete_and_the_log_says_so(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for key, value in training_environment(prepared, tmp_path / "model").items():
        monkeypatch.setenv(key, value)
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    train_xgboost(["--num_round", "5"])
    assert "has no C compiler (gcc, cc or clang): the archive carries no compiled model." in capsys.readouterr().out
    assert not (tmp_path / "model" / "compiled").exists()
    assert isinstance(open_archive(tmp_path / "model").model, XGBoostModel)


def test_a_compiled_model_that_answers_otherwise_fails_the_job_and_says_where(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, value in training_environment(prepared, tmp_path / "model").items():
        monkeypatch.setenv(key, value)
    train_xgboost(["--num_round", "5"])
    path = tmp_path / "model" / "model.json"
    raw = json.loads(path.read_text())
    # What the compiler reads differs in one number from what XGBoost reads.
    monkeypatch.setattr("inference.compiler.xgboost_model._load", lambda _: raw)
    conditions = raw["learner"]["gradient_booster"]["model"]["trees"][0]["split_conditions"]
    conditions[0] = float(np.nextafter(np.float32(conditions[0]), np.float32(np.inf)))
    with pytest.raises(
        JobError, match=r"differs from the model in \d+ of \d+ numbers, first in row \d+: the model says"
    ):
        compile_trained(tmp_path / "model", np.zeros((1, 4), np.float32))
    assert not (tmp_path / "model" / "compiled" / host_target().name / "compiled.so").exists()
