"""Pipelines that this project did not write run to their end, their scripts unchanged, container paths and all."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local.jobs.door import aws_environment
from local.jobs.sandboxes import choose
from local.store.executions import RUNNING
from tests.support import abalone
from tests.support.abalone.definition import BUCKET, v2
from tests.support.pipelines import Ended, Lab, await_value

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


def test_a_pipeline_that_sdk_v3_builds_and_starts(lab: Lab, tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()
    for name in ("preprocess.py", "train.py", "evaluate.py"):
        shutil.copy(SCRIPTS / name, code)
    (code / "requirements.txt").write_text("xgboost\npandas>=1\n")
    lab.store.objects.put("snails", "dataset/snails.csv", snails().encode())
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SAGEMAKER_"))},
        **aws_environment(lab.store.home.root),
        "SAGEMAKER_VALIDATE_ROLE": "false",
        "SAGEMAKER_ADMIN_CONFIG_OVERRIDE": os.devnull,
        "SAGEMAKER_USER_CONFIG_OVERRIDE": str(SCRIPTS / "sdk.yaml"),
    }
    built = subprocess.run(
        [sys.executable, "-W", "ignore", SCRIPTS / "build_v3.py", str(code)],
        env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr[-3000:]
    arn = built.stdout.split()[-1]

    done = await_value(lambda: _over(lab, arn), "the execution to end", seconds=60)

    assert done.execution.status == "Succeeded", (done.execution.failure_reason, done.log("Train"))
    assert done.statuses == {
        "Prepare": "Succeeded", "Train": "Succeeded", "Evaluate": "Succeeded", "Gate": "Succeeded",
        "TooBad": "NotExecuted",
    }  # fmt: skip
    assert "Requirement already satisfied: pandas>=1" in done.log("Train")


def _over(lab: Lab, arn: str) -> Ended | None:
    done = lab.ended(arn)
    return None if done.execution.status in RUNNING else done
