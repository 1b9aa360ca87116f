"""A run that prepares in shards and trains over several hosts, with checkpoints."""

from __future__ import annotations

import json
import random
from pathlib import Path

import yaml

from tests.support.command import here
from tests.support.jobs import write_csv

PROBLEM = {
    "goal": "Tell whether it is warm.",
    "data": "table",
    "target": "warm",
    "kind": "binary",
    "metric": "auc",
    "threshold": 0.7,
    "processing": {"shards": 2},
    "training": {"spot": True, "hyperparameters": {"num_round": 40}},
}


def test_a_table_in_files_becomes_a_model_of_several_hosts(tmp_path: Path) -> None:
    draw = random.Random(5)  # noqa: S311 - a table, not a secret
    for number in range(3):
        labelled = []
        for _ in range(150):
            size, side = draw.gauss(0, 1), draw.choice("ab")
            labelled.append([f"{size:.3f}", side, "yes" if size + (side == "a") > 0.5 else "no"])
        write_csv(tmp_path / "table" / f"part-{number}.csv", ["size", "side", "warm"], labelled)
    problem = tmp_path / "weather.yaml"
    problem.write_text(yaml.safe_dump(PROBLEM))
    home = tmp_path / "home"
    done = here(home, "run", str(problem), "-p", "TrainingInstanceCount=2", "--json")

    assert done.code == 0, done.err
    statuses = {step["name"]: step["status"] for step in done.json["steps"]}
    assert [statuses[name] for name in ("FitShards", "MergeFits", "TransformShards", "Train")] == ["Succeeded"] * 4
    assert done.json["model_package"].endswith("sageline-weather/1")
    printed = {name: here(home, "logs", "latest", name).out for name in ("FitShards", "Train")}
    assert "algo-1: part-0.csv: 150 rows." in printed["FitShards"]
    assert "algo-2: part-1.csv: 150 rows." in printed["FitShards"]
    assert "algo-1: [39] train-auc:" in printed["Train"]
    assert "algo-2: [39]" not in printed["Train"]
    bucket = home / "s3" / "sageline-laptop-artifacts" / "sageline-weather"
    assert (bucket / "checkpoints" / "Train" / "xgboost.checkpoint").is_file()
    (features,) = bucket.glob("*/MergeFits/features/features.json")
    assert json.loads(features.read_text())["target"] == "warm"
