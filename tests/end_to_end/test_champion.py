"""An approved model is measured beside the next candidate; the other steps go on coming from the cache."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from local.client import client
from tests.support.command import ROOT, Finished, here


def test_the_approved_model_is_the_champion_of_the_next_run(finished: Finished, tmp_path: Path) -> None:
    # A copy: other tests count on nobody having approved anything in theirs.
    home = finished.copy(tmp_path).home
    assert here(home, "approve", "breast_cancer/1").code == 0
    second = here(home, "run", "breast_cancer", "--json").json
    assert caches(second) == {"Prepare": "hit", "TrainBaseline": "hit", "Train": "hit", "Evaluate": "miss"}
    models = details(home, second)["models"]
    assert list(models) == ["candidate", "baseline", "champion"]
    # Nothing has changed since: the candidate is the champion's equal.
    assert models["champion"] == models["candidate"]
    third = here(home, "run", "breast_cancer", "--json").json
    assert caches(third)["Evaluate"] == "hit"


def test_a_model_worse_than_the_approved_one_is_refused_by_name(finished: Finished, tmp_path: Path) -> None:
    home = finished.copy(tmp_path).home
    assert here(home, "approve", "breast_cancer/1").code == 0
    text = (ROOT / "config" / "problems" / "breast_cancer.yaml").read_text(encoding="utf-8")
    worse = tmp_path / "breast_cancer.yaml"
    worse.write_text(text + "training: {hyperparameters: {num_round: 1, max_depth: 1}}\n", encoding="utf-8")
    done = here(home, "run", str(worse), "-p", "MetricThreshold=0.5", "--json")
    assert done.code == 1
    reason = next(step["reason"] for step in done.json["steps"] if step["name"] == "FailChampion")
    assert reason.startswith("The champion gate stopped the model: auc is 0.")
    assert " than the approved version 1 with 1.0 on the same test rows, and may be worse by at most 0.0." in reason
    assert done.json["model_package"] is None
    allowed = here(home, "run", str(worse), "-p", "MetricThreshold=0.5", "-p", "ChampionTolerance=0.5", "--json")
    assert allowed.code == 0, "as much worse as whoever starts the run allows"


def caches(result: dict[str, Any]) -> dict[str, str]:
    return {step["name"]: step["cache"] for step in result["steps"] if step["type"] in ("Processing", "Training")}


def details(home: Path, result: dict[str, Any]) -> Any:
    s3 = client("s3", home)
    key = f"sageline-breast-cancer/{result['execution'].rpartition('/')[2]}/Evaluate/evaluation/details.json"
    return json.load(s3.get_object(Bucket="sageline-laptop-artifacts", Key=key)["Body"])
