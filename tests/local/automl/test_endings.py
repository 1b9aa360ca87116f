"""How AutoML jobs end that do not simply finish: budgets, stops, candidates that fail; and jobs through boto3."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from local.client import client
from tests.local.automl.conftest import Driven
from tests.support.automl import automl
from tests.support.pipelines import Lab, await_value, definition

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

Start = Callable[..., Driven]


@pytest.fixture
def sagemaker(lab: Lab) -> SageMakerClient:
    return client("sagemaker", lab.store.home.root)


def test_the_end_of_the_jobs_time_leaves_the_best_so_far(driven: Start, sagemaker: SageMakerClient) -> None:
    started = driven(most=200, families=["xgboost"], criteria={"MaxAutoMLJobRuntimeInSeconds": 3600})
    started.until_one_is_trained()
    running = sagemaker.describe_auto_ml_job(AutoMLJobName="job")
    assert (running["AutoMLJobStatus"], running["AutoMLJobSecondaryStatus"]) == ("InProgress", "TrainingModels")
    assert "InferenceContainers" not in running["BestCandidate"]  # nothing is in its place before the end

    started.job.plan = replace(started.job.plan, seconds=0.0)
    job = started.to_its_end()

    assert job.state.status == "Completed", job.state.reason
    described = sagemaker.describe_auto_ml_job(AutoMLJobName="job")
    assert described["AutoMLJobSecondaryStatus"] == "MaxAutoMLJobRuntimeReached"
    assert "ModelDataUrl" in described["BestCandidate"]["InferenceContainers"][0]
    candidates = sagemaker.list_candidates_for_auto_ml_job(AutoMLJobName="job")["Candidates"]
    assert 1 <= len(candidates) < 200
    assert {each["CandidateStatus"] for each in candidates} <= {"Completed", "Stopped"}


def test_a_job_whose_stop_was_called_ends_without_a_model(lab: Lab, sagemaker: SageMakerClient) -> None:
    execution = lab.create(definition(automl(most=200, families=["xgboost"])))
    engine = lab.engine(execution.arn)
    name = lab.await_step(execution.arn, "Auto").job["name"]  # type: ignore[index] # it has started
    await_value(lambda: trained(sagemaker, name), "a candidate")
    sagemaker.stop_auto_ml_job(AutoMLJobName=name)
    assert sagemaker.describe_auto_ml_job(AutoMLJobName=name)["AutoMLJobStatus"] == "Stopping"
    engine.wait(timeout=60)

    done = lab.ended(execution.arn)
    assert (done.statuses, done.steps["Auto"].reason) == ({"Auto": "Stopped"}, "The AutoML job was stopped.")
    assert done.steps["Auto"].outputs == {}
    described = sagemaker.describe_auto_ml_job(AutoMLJobName=name)
    assert (described["AutoMLJobStatus"], described["AutoMLJobSecondaryStatus"]) == ("Stopped", "Stopped")
    with pytest.raises(ClientError, match="is in status Stopped"):
        sagemaker.stop_auto_ml_job(AutoMLJobName=name)


def test_after_a_kill_nothing_is_left_running_and_the_job_starts_anew(lab: Lab, sagemaker: SageMakerClient) -> None:
    execution = lab.create(definition(automl(most=3, families=["xgboost"])))
    engine = lab.engine(execution.arn)
    record = lab.await_step(execution.arn, "Auto")
    name = record.job["name"]  # type: ignore[index] # it has started
    await_value(lambda: trained(sagemaker, name), "a candidate")
    engine.kill()
    engine.wait()

    done = lab.resume(execution.arn)

    assert done.statuses == {"Auto": "Succeeded"}, done.steps["Auto"].reason
    candidates = sagemaker.list_candidates_for_auto_ml_job(AutoMLJobName=name)["Candidates"]
    assert [each["CandidateStatus"] for each in candidates] == ["Completed"] * 3
    assert not lab.store.home.job(name).exists()


def trained(sagemaker: SageMakerClient, name: str) -> bool:
    listed = sagemaker.list_candidates_for_auto_ml_job(AutoMLJobName=name, StatusEquals="Completed")
    return bool(listed["Candidates"])


def test_candidates_that_take_too_long_are_stopped_and_a_job_of_such_alone_fails(driven: Start) -> None:
    job = driven(most=1, criteria={"MaxRuntimePerTrainingJobInSeconds": 0.01}).to_its_end()

    assert job.candidates[1].status == "Stopped"
    assert job.candidates[1].reason == "It trained longer than MaxRuntimePerTrainingJobInSeconds (0.01)."
    assert (job.state.status, job.state.reason) == ("Failed", "No candidate was trained to its end.")


def test_candidates_are_listed_and_jobs_described_in_both_versions(driven: Start, sagemaker: SageMakerClient) -> None:
    driven(most=2, config={"DataSplitConfig": {"ValidationFraction": 0.25}}).to_its_end()

    ranked = sagemaker.list_candidates_for_auto_ml_job(AutoMLJobName="job", SortBy="FinalObjectiveMetricValue")
    values = [each["FinalAutoMLJobObjectiveMetric"]["Value"] for each in ranked["Candidates"]]
    assert len(values) == 2
    assert values == sorted(values)
    first = ranked["Candidates"][0]["CandidateName"]
    listed = sagemaker.list_candidates_for_auto_ml_job(AutoMLJobName="job", CandidateNameEquals=first)
    assert [each["CandidateName"] for each in listed["Candidates"]] == [first]
    assert sagemaker.list_candidates_for_auto_ml_job(AutoMLJobName="job", StatusEquals="Failed")["Candidates"] == []
    second = sagemaker.describe_auto_ml_job_v2(AutoMLJobName="job")
    tabular = second["AutoMLProblemTypeConfig"]["TabularJobConfig"]
    assert tabular["TargetAttributeName"] == "y"
    assert tabular["CompletionCriteria"] == {"MaxCandidates": 2}
    assert second["DataSplitConfig"] == {"ValidationFraction": 0.25}
    assert second["BestCandidate"] == sagemaker.describe_auto_ml_job(AutoMLJobName="job")["BestCandidate"]
    summaries = sagemaker.list_auto_ml_jobs()["AutoMLJobSummaries"]
    assert [each["AutoMLJobName"] for each in summaries] == ["job"]


def test_an_unknown_job_is_the_services_own_error(sagemaker: SageMakerClient) -> None:
    with pytest.raises(ClientError) as caught:
        sagemaker.describe_auto_ml_job(AutoMLJobName="no")
    assert caught.value.response["Error"]["Code"] == "ResourceNotFound"
