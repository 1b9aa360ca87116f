"""Training that goes on from an earlier model."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.jobs import inside, pack, training_environment
from training_scripts.train_xgboost import main as train_xgboost


@pytest.fixture(scope="module")
def earlier(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model.tar.gz after 20 rounds, in a folder as the channel `model` has it."""
    folder = tmp_path_factory.mktemp("earlier")
    ran = train(prepared, folder / "model", None, "--num_round", "20")
    assert ran.returncode == 0, ran.stderr
    pack(folder / "model", folder / "channel" / "model.tar.gz")
    return folder / "channel"


def train(prepared: Path, model: Path, earlier: Path | None, *arguments: str) -> Any:
    environment = training_environment(prepared, model)
    if earlier is not None:
        environment["SM_CHANNEL_MODEL"] = str(earlier)
    return inside(train_xgboost, *arguments, environment=environment)


def manifest(folder: Path) -> Any:
    return json.loads((folder / "manifest.json").read_text())


def trees(folder: Path) -> Any:
    return json.loads((folder / "model.json").read_text())["learner"]["gradient_booster"]["model"]["trees"]


def test_new_trees_follow_those_of_the_earlier_model(prepared: Path, earlier: Path, tmp_path: Path) -> None:
    ran = train(prepared, tmp_path / "model", earlier, "--num_round", "30")

    assert ran.returncode == 0, ran.stderr
    facts, before = manifest(tmp_path / "model"), manifest(earlier.parent / "model")
    rounds = before["best_iteration"] + 1
    assert ran.stdout.startswith(f"[{rounds}] train-auc:")
    assert facts["continued_after"] == rounds < facts["best_iteration"]
    assert facts["validation"]["log_loss"] < before["validation"]["log_loss"]
    assert trees(tmp_path / "model")[:rounds] == trees(earlier.parent / "model")


def test_an_earlier_model_that_cannot_be_bettered_stays_as_it_is(prepared: Path, earlier: Path, tmp_path: Path) -> None:
    # Deep trees at full weight learn the training rows by heart.
    wild = ("--eta", "1", "--max_depth", "16", "--min_child_weight", "0", "--lambda", "0")
    ran = train(prepared, tmp_path / "model", earlier, "--num_round", "3", *wild)

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("train-auc:") == 3
    assert trees(tmp_path / "model") == trees(earlier.parent / "model")


def rename(raw: dict[str, Any]) -> None:
    raw["columns"][1]["name"] = "strange"


def shift(raw: dict[str, Any]) -> None:
    raw["columns"][2]["mean"] += 1


def relabel(raw: dict[str, Any]) -> None:
    raw["labels"], raw["positive"] = ["no", "si"], "si"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (rename, "the model to continue and this data do not have the same columns (b, strange); train anew."),
        (shift, "the data was not prepared as that of the model to continue (columns c); prepare it with"),
        (relabel, "the model to continue has the labels no, yes, and this data no, si."),
    ],
)
def test_other_features_than_the_earlier_models_are_refused(
    prepared: Path, earlier: Path, tmp_path: Path, change: Callable[[dict[str, Any]], None], sentence: str
) -> None:
    changed = tmp_path / "prepared"
    shutil.copytree(prepared, changed)
    path = changed / "features" / "features.json"
    raw = json.loads(path.read_text())
    change(raw)
    path.write_text(json.dumps(raw))
    if change is rename:
        rename_in_tables(changed)
    ran = train(changed, tmp_path / "model", earlier)

    assert ran.returncode == 1
    assert ran.stderr.startswith(f"Train: {sentence}"), ran.stderr


def rename_in_tables(prepared: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415  # one test needs it

    for path in (prepared / name / "features-00000.parquet" for name in ("train", "validation")):
        table = pq.read_table(path)
        pq.write_table(table.rename_columns(["strange" if name == "b" else name for name in table.column_names]), path)


def test_a_channel_without_a_model_is_a_sentence(prepared: Path, tmp_path: Path) -> None:
    (tmp_path / "channel").mkdir()
    ran = train(prepared, tmp_path / "model", tmp_path / "channel")

    assert ran.stderr.startswith("Train: the channel model: the archive has no manifest.json")
