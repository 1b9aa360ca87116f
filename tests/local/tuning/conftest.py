"""A home with engines, and trials' code in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.store.steps import StepRecord
from tests.support.pipelines import Ended, Lab, definition
from tests.support.tuning import SQUARE, archive, tuning


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    found = Lab.at(tmp_path)
    found.put("code/code.tar.gz", archive())
    return found


@pytest.fixture
def tune(lab: Lab) -> Callable[..., Ended]:
    """Runs one tuning step, with the code given, in an execution of its own."""

    def run(request: Any, code: str = SQUARE, execution_id: str = "first0000000") -> Ended:
        lab.put("code/code.tar.gz", archive(code))
        return lab.run(definition(tuning(request)), execution_id)

    return run


def step(done: Ended) -> StepRecord:
    return done.steps["Tune"]


def trials(done: Ended) -> list[dict[str, Any]]:
    """The training jobs of a tuning job, in the order of their numbers."""
    arn = step(done).properties["HyperParameterTuningJobArn"]
    found = [each.body for each in done.lab.store.resources.list("TrainingJob") if each.body["TuningJobArn"] == arn]
    return sorted(found, key=lambda body: str(body["TrainingJobName"]))


def tried(done: Ended, name: str = "place") -> list[str]:
    return [body["HyperParameters"][name] for body in trials(done)]
