"""Searches as boto3 tells of them: real tuning and AutoML jobs on the laptop, asked through its client."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sklearn.datasets import load_breast_cancer

from cli.report import collect
from cli.report.searches import Range, Search
from local.client import client
from tests.support.automl import automl, table
from tests.support.pipelines import Ended, Lab, definition
from tests.support.tuning import archive, categorical, continuous, ranges, request, tuning

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient


def searched(done: Ended) -> tuple[Search, ...]:
    home = done.lab.store.home.root
    return collect(client("s3", home), done.summary, client("sagemaker", home)).searches


def test_a_tuning_job_is_read_with_its_ranges_and_every_trial(tmp_path: Path) -> None:
    lab = Lab.at(tmp_path)
    lab.put("code/code.tar.gz", archive())
    given = ranges(continuous=[continuous("place", -10, 10, "Linear")], categorical=[categorical("kind", "a", "b")])

    (found,) = searched(lab.run(definition(tuning(request(most=3, searched=given)))))

    assert (found.step, found.noun, found.strategy, found.metric, found.minimize) == (
        "Tune",
        "trial",
        "Random",
        "loss",
        True,
    )
    assert found.ranges == (
        Range("place", "continuous", "-10 to 10", "linear"),
        Range("kind", "categorical", "a, b", ""),
    )
    assert [trial.number for trial in found.trials] == [1, 2, 3]
    for trial in found.trials:
        assert trial.status == "Completed"
        assert trial.objective == pytest.approx((float(trial.given["place"]) - 3) ** 2, abs=1e-6)
        assert trial.given["kind"] in ("a", "b")
        assert trial.seconds is not None
    distances = [(float(trial.given["place"]) - 3) ** 2 for trial in found.ranked()]
    assert distances == sorted(distances)
    assert found.best() == found.ranked()[0]


def test_an_auto_ml_job_is_read_with_its_candidates(tmp_path: Path) -> None:
    lab = Lab.at(tmp_path)
    lab.put("rows/a.csv", table(load_breast_cancer()))
    step = {"Name": "Auto", "Type": "AutoML", "Arguments": automl(most=2, families=["linear-learner"])["Arguments"]}

    (found,) = searched(lab.run(definition(step)))

    assert (found.step, found.noun, found.ranges) == ("Auto", "candidate", ())
    assert found.metric
    best = found.best()
    assert best is not None
    assert best.objective == max(trial.objective for trial in found.trials if trial.objective is not None)
    assert best.given == {"model": "linear-learner"}


def test_a_job_that_is_gone_is_named_in_the_notes(tmp_path: Path) -> None:
    sagemaker: SageMakerClient = client("sagemaker", tmp_path)
    step = {"name": "Tune", "job": {"kind": "HyperParameterTuningJob", "name": "gone"}}

    found = collect(client("s3", tmp_path), {"steps": [step]}, sagemaker)

    assert found.searches == ()
    (note,) = found.notes
    assert note.startswith("The trials of Tune are not shown: An error occurred (ResourceNotFound)")


def test_without_a_client_nothing_is_asked(tmp_path: Path) -> None:
    step = {"name": "Tune", "job": {"kind": "HyperParameterTuningJob", "name": "gone"}}
    found = collect(client("s3", tmp_path), {"steps": [step]})
    assert (found.searches, found.notes) == ((), ())
