from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.jobs import files_of, program, training_environment
from training_scripts.channels import threads
from training_scripts.train_baseline import main as train_baseline
from training_scripts.train_xgboost import main as train_xgboost

TRAINERS = {"xgboost": train_xgboost, "baseline": train_baseline}
Train = Callable[..., Path]


@pytest.fixture
def train(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Train:
    def run(name: str, *arguments: str, folder: str = "model") -> Path:
        for key, value in training_environment(prepared, tmp_path / folder).items():
            monkeypatch.setenv(key, value)
        TRAINERS[name](arguments)
        return tmp_path / folder

    return run


@pytest.mark.parametrize(("name", "arguments"), [("xgboost", ["--num_round", "40"]), ("baseline", [])])
def test_the_same_data_and_seed_give_the_same_bytes(train: Train, name: str, arguments: list[str]) -> None:
    first = train(name, "--seed", "3", *arguments, folder="first")
    assert files_of(first) == files_of(train(name, "--seed", "3", *arguments, folder="second"))


def test_another_seed_gives_other_trees(train: Train) -> None:
    models = [train("xgboost", "--seed", seed, "--num_round", "5", folder=seed) / "model.json" for seed in ("3", "4")]
    assert models[0].read_bytes() != models[1].read_bytes()


def test_early_stopping_keeps_the_best_trees_and_prints_what_the_service_reads(
    train: Train, capsys: pytest.CaptureFixture[str]
) -> None:
    model = train("xgboost", "--early_stopping_rounds", "5", "--eta", "0.5")
    printed = capsys.readouterr().out
    losses = [float(found) for found in re.findall(r"validation-logloss:([0-9.eE+-]+)", printed)]
    assert len(re.findall(r"^\[\d+\] train-auc:[0-9.]+ train-logloss:[0-9.]+ validation-auc", printed, re.M)) == len(
        losses
    )
    best = int(re.findall(r"^best_iteration:(\d+)$", printed, re.M)[0])
    assert losses.index(min(losses)) == best < len(losses) - 1
    assert re.search(r"^validation:auc=0\.\d{6}$", printed, re.M)
    content = json.loads((model / "model.json").read_text())
    assert len(content["learner"]["gradient_booster"]["model"]["trees"]) == best + 1
    manifest = json.loads((model / "manifest.json").read_text())
    assert (manifest["model"], manifest["best_iteration"], manifest["hyperparameters"]["eta"]) == ("xgboost", best, 0.5)


def test_the_baseline_chooses_its_penalty_on_the_validation_rows(
    train: Train, capsys: pytest.CaptureFixture[str]
) -> None:
    model = train("baseline")
    losses = [float(found) for found in re.findall(r"validation-logloss:([0-9.]+)", capsys.readouterr().out)]
    manifest = json.loads((model / "manifest.json").read_text())
    assert losses[manifest["best_iteration"]] == min(losses)
    assert manifest["hyperparameters"]["penalty"] in (1000.0, 100.0, 10.0, 1.0, 0.1)


def test_the_baseline_weighs_classes_as_it_is_told(train: Train) -> None:
    plain, weighed = train("baseline"), train("baseline", "--class_balance", "1", folder="weighed")
    assert (plain / "linear.json").read_bytes() != (weighed / "linear.json").read_bytes()
    assert json.loads((weighed / "manifest.json").read_text())["hyperparameters"]["class_balance"] == 1


@pytest.mark.parametrize(
    ("module", "arguments", "sentence"),
    [
        ("train_xgboost", ["--depth", "3"], "Train: there is no hyperparameter 'depth'"),
        ("train_baseline", ["--penalty", "-1"], "TrainBaseline: the hyperparameter penalty is '-1'"),
    ],
)
def test_a_mistake_ends_the_program_with_one_sentence(
    prepared: Path, tmp_path: Path, module: str, arguments: list[str], sentence: str
) -> None:
    environment = training_environment(prepared, tmp_path / "model")
    ran = program(f"training_scripts.{module}", *arguments, environment=environment)
    assert ran.returncode == 1
    assert ran.stderr.startswith(sentence)
    assert ran.stderr.count("\n") == 1
    assert (tmp_path / "output" / "failure").read_text() + "\n" == ran.stderr


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda folder: shutil.rmtree(folder / "validation"), "the channel validation has no features-*.parquet file"),
        (lambda folder: (folder / "features" / "features.json").unlink(), "features.json cannot be read"),
        (
            lambda folder: (folder / "train" / "features-00000.parquet").write_bytes(b"no"),
            "a features file of the channel train cannot be read as Parquet",
        ),
        (lambda folder: (folder / "features" / "sample_rows.json").unlink(), "has no sample_rows.json"),
    ],
)
@pytest.mark.parametrize("name", TRAINERS)
def test_channels_that_cannot_be_used_are_named(
    prepared: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    damage: Callable[[Path], object],
    sentence: str,
) -> None:
    shutil.copytree(prepared, tmp_path / "prepared")
    damage(tmp_path / "prepared")
    for key, value in training_environment(tmp_path / "prepared", tmp_path / "model").items():
        monkeypatch.setenv(key, value)
    with pytest.raises(SystemExit):
        TRAINERS[name]([])
    assert sentence in (tmp_path / "output" / "failure").read_text()


def test_few_cells_take_one_thread_and_no_job_takes_more_than_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SM_NUM_CPUS", "4")
    assert [threads(cells) for cells in (100, 2_500_000, 10**9)] == [1, 2, 4]
