"""Homes with rows in them, and AutoML jobs that a test itself moves on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sklearn.datasets import load_breast_cancer

from local.automl import records
from local.automl.job import AutoML
from local.jobs.background import Background
from local.jobs.interface import JobContext
from local.jobs.sandboxes import choose
from tests.support.automl import automl, table
from tests.support.patience import looks
from tests.support.pipelines import Lab


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    found = Lab.at(tmp_path)
    found.put("rows/a.csv", table(load_breast_cancer()))
    return found


class Driven:
    """A job with real programs, and nothing that moves it on but its test."""

    def __init__(self, lab: Lab, folder: Path, **request: Any) -> None:
        log = folder / "job.log"
        context = JobContext(lab.store, "job", log, choose(folder).sandbox, Background(lambda: None))
        self.job = AutoML(automl(**request)["Arguments"], context, records.store)

    def until(self, done: Callable[[AutoML], bool], seconds: float = 30.0) -> AutoML:
        for _ in looks(seconds):
            if done(self.job):
                return self.job
            self.job.poll()
        raise AssertionError(self.job.progress)

    def until_one_is_trained(self) -> AutoML:
        return self.until(lambda job: any(each.status == "Completed" for each in job.candidates.values()))

    def to_its_end(self) -> AutoML:
        return self.until(lambda job: job.state.has_ended)


@pytest.fixture
def driven(lab: Lab, tmp_path: Path) -> Callable[..., Driven]:
    return lambda **request: Driven(lab, tmp_path, **request)
