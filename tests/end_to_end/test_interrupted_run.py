"""Executions that are stopped, interrupted or lose their engine, and go on from where they were."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.client import client
from tests.support.command import ROOT, SAGELINE, Finished, environment, here, share_definitions
from tests.support.patience import looks

# No early end: the training takes a while, so that there is time to interrupt it.
SLOW = """\
name: breast_cancer
goal: Tell malignant from benign.
data: builtin://breast_cancer
target: diagnosis
kind: binary
metric: auc
threshold: 0.9
training:
  hyperparameters: {num_round: 200, eta: 0.003, early_stopping_rounds: 10000}
"""


@pytest.fixture
def slow(tmp_path: Path) -> str:
    path = tmp_path / "slow.yaml"
    path.write_text(SLOW, encoding="utf-8")
    return str(path)


def wait_for(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    assert any(condition() for _ in looks(seconds)), "it did not happen"


def statuses(sagemaker: Any, arn: str) -> dict[str, str]:
    steps = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=arn)
    return {step["StepName"]: step["StepStatus"] for step in steps["PipelineExecutionSteps"]}


def executions(sagemaker: Any) -> list[dict[str, str]]:
    try:
        found = sagemaker.list_pipeline_executions(PipelineName="sageline-breast-cancer")
    except sagemaker.exceptions.ClientError:  # There is no such pipeline yet.
        return []
    return list(found["PipelineExecutionSummaries"])


def executes(sagemaker: Any) -> bool:
    """Whether an engine has taken the last execution on."""
    arns = [each["PipelineExecutionArn"] for each in executions(sagemaker)]
    return bool(arns) and "Executing" in statuses(sagemaker, arns[0]).values()


def start_and_reach(home: Path, problem: str, step: str) -> str:
    """Start the problem and return the execution's ARN as soon as the step executes."""
    done = here(home, "run", problem, "--detach")
    assert done.code == 0, done.err
    arn = done.out.strip()
    sagemaker = client("sagemaker", home=home)
    wait_for(lambda: statuses(sagemaker, arn).get(step) == "Executing")
    return arn


def engine_of(home: Path, arn: str) -> int:
    with sqlite3.connect(home / "state.db") as connection:
        (owner,) = connection.execute("SELECT owner FROM execution WHERE arn = ?", (arn,)).fetchone()
    connection.close()
    return int(str(owner).split(":")[0])


def test_an_execution_whose_engine_was_killed_goes_on_from_its_last_finished_step(tmp_path: Path, slow: str) -> None:
    arn = start_and_reach(tmp_path, slow, "Train")
    os.kill(engine_of(tmp_path, arn), signal.SIGKILL)
    # A process does not end in the moment in which it is killed.
    wait_for(lambda: "sageline resume" in here(tmp_path, "show", arn).out)
    before = client("sagemaker", home=tmp_path).list_processing_jobs()["ProcessingJobSummaries"]
    resumed = here(tmp_path, "resume", arn, "--json")
    assert resumed.code == 0, resumed.err
    assert resumed.json["status"] == "Succeeded"
    after = client("sagemaker", home=tmp_path).list_processing_jobs()["ProcessingJobSummaries"]
    new = {job["ProcessingJobName"] for job in after} - {job["ProcessingJobName"] for job in before}
    assert len(new) == 1, "only Evaluate starts a new processing job: Prepare had finished"


def test_a_stopped_execution_ends_its_jobs_and_can_be_resumed(finished: Finished, tmp_path: Path, slow: str) -> None:
    home = finished.copy(tmp_path).home
    arn = start_and_reach(home, slow, "Train")
    stopped = here(home, "stop", arn)
    assert stopped.code == 0, stopped.err
    assert "stopped" in stopped.out
    assert statuses(client("sagemaker", home=home), arn)["Train"] == "Stopped"
    assert here(home, "resume", arn).code == 0


def test_ctrl_c_stops_the_execution_and_says_how_to_go_on(tmp_path: Path, slow: str) -> None:
    share_definitions(tmp_path)
    process = subprocess.Popen(
        [*SAGELINE, "run", slow],
        env=environment(tmp_path),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    sagemaker = client("sagemaker", home=tmp_path)
    wait_for(lambda: executes(sagemaker))
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "sageline resume" in out
    assert "Traceback" not in out + err


def test_a_closed_client_stops_nothing(tmp_path: Path, slow: str) -> None:
    Path(slow).write_text(SLOW.replace("num_round: 200", "num_round: 5"), encoding="utf-8")
    share_definitions(tmp_path)
    process = subprocess.Popen(
        [*SAGELINE, "run", slow],
        env=environment(tmp_path),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    sagemaker = client("sagemaker", home=tmp_path)
    wait_for(lambda: executes(sagemaker))
    process.kill()
    process.wait(timeout=30)
    wait_for(lambda: executions(sagemaker)[0]["PipelineExecutionStatus"] == "Succeeded")
