"""An approved model is measured beside the next candidate; the other steps go on coming from the cache."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from local.client import client
from tests.support.command import Finished, call


def test_the_approved_model_is_the_champion_of_the_next_run(finished: Finished, tmp_path: Path) -> None:
    home = tmp_path / "home"
    # A copy: other tests count on nobody having approved anything in theirs.
    shutil.copytree(finished.home, home, symlinks=True)
    assert call(home, "approve", "breast_cancer/1").code == 0
    second = call(home, "run", "breast_cancer", "--json").json
    assert caches(second) == {"Prepare": "hit", "TrainBaseline": "hit", "Train": "hit", "Evaluate": "miss"}
    models = details(home, second)["models"]
    assert list(models) == ["candidate", "baseline", "champion"]
    # Nothing has changed since: the candidate is the champion's equal.
    assert models["champion"] == models["candidate"]
    third = call(home, "run", "breast_cancer", "--json").json
    assert caches(third)["Evaluate"] == "hit"


def caches(result: dict[str, Any]) -> dict[str, str]:
    return {step["name"]: step["cache"] for step in result["steps"] if step["type"] in ("Processing", "Training")}


def details(home: Path, result: dict[str, Any]) -> Any:
    s3 = client("s3", home)
    key = f"sageline-breast-cancer/{result['execution'].rpartition('/')[2]}/Evaluate/evaluation/details.json"
    return json.load(s3.get_object(Bucket="sageline-laptop-artifacts", Key=key)["Body"])
