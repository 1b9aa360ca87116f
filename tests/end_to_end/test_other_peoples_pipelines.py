"""Pipelines that this project did not write run to their end, their scripts unchanged, container paths and all."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from local.jobs.sandboxes import choose
from tests.support import abalone
from tests.support.abalone.definition import BUCKET, v2
from tests.support.pipelines import Lab

SCRIPTS = Path(abalone.__file__).parent


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    reason = choose(tmp_path).reason
    if reason is not None:
        pytest.skip(f"scripts write container paths themselves, and {reason}")
    return Lab.at(tmp_path)


def snails(count: int = 400) -> str:
    """Rows in the shape of the abalone data; some cells are missing."""
    chance = random.Random(1)  # noqa: S311 - data is no secret
    rows = []
    for _ in range(count):
        length = round(chance.uniform(0.1, 0.8), 3)
        weight = "" if chance.random() < 0.05 else f"{length * 2:.3f}"
        row = [chance.choice("MFI"), length, round(length * 0.8, 3), round(length * 0.2, 3), weight, round(length * 20)]
        rows.append(",".join(str(cell) for cell in row))
    return "\n".join(rows)


def test_the_classical_pipeline_of_sdk_v2(lab: Lab) -> None:
    for name in ("preprocess.py", "evaluate.py"):
        lab.store.objects.put(BUCKET, f"code/{name}", (SCRIPTS / name).read_bytes())
    lab.store.objects.put(BUCKET, "dataset/snails.csv", snails().encode())

    done = lab.run(v2())

    assert done.execution.status == "Succeeded", (done.execution.failure_reason, done.log("TrainAbaloneModel"))
    assert set(done.statuses.values()) == {"Succeeded"}
    assert done.steps["CheckMSEAbaloneEvaluation"].outcome is True
    metrics = done.steps["TrainAbaloneModel"].metrics
    assert metrics["validation:rmse"][-1][1] < metrics["validation:rmse"][0][1]
    packages = lab.store.resources.list("ModelPackage")
    assert len(packages) == 1
    assert done.summary["sandbox"] == {"kind": "namespace", "reason": None}
