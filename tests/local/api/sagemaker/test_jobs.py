"""Jobs through boto3, as the engine records them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from local.store.names import arn, role_arn
from local.store.store import Store

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

Refused = Callable[..., tuple[str, str]]


def training_job(name: str, created: float, status: str) -> dict[str, Any]:
    return {
        "TrainingJobName": name,
        "TrainingJobArn": arn(f"training-job/{name}"),
        "ModelArtifacts": {"S3ModelArtifacts": f"s3://b/{name}/output/model.tar.gz"},
        "TrainingJobStatus": status,
        "SecondaryStatus": "Training" if status == "InProgress" else status,
        "HyperParameters": {"seed": "7"},
        "AlgorithmSpecification": {"TrainingInputMode": "File", "TrainingImage": "image"},
        "RoleArn": role_arn("training"),
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        "CreationTime": created,
        "LastModifiedTime": created + 5,
        "TrainingEndTime": created + 5,
        "FinalMetricDataList": [{"MetricName": "m", "Value": 0.5, "Timestamp": created}],
        "LaptopOnly": {"never": "shown"},
    }


def processing_job(name: str, created: float, status: str) -> dict[str, Any]:
    return {
        "ProcessingJobName": name,
        "ProcessingJobArn": arn(f"processing-job/{name}"),
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}
        },
        "AppSpecification": {"ImageUri": "image"},
        "ProcessingJobStatus": status,
        "ExitMessage": "It broke.\nHere.",
        "CreationTime": created,
        "LastModifiedTime": created,
    }


@pytest.fixture
def jobs(store: Store) -> Store:
    for number, status in enumerate(("Completed", "Failed", "InProgress", "Completed", "Stopped")):
        for kind, make in (("TrainingJob", training_job), ("ProcessingJob", processing_job)):
            name = f"{'ebcad'[number]}-job"
            body = make(name, 1000.5 + number, status)
            store.resources.put(kind, name, body[f"{kind}Arn"], body, now=1000.5 + number, status=status)
    return store


def test_a_training_job_is_described(sagemaker: SageMakerClient, jobs: Store) -> None:
    described = sagemaker.describe_training_job(TrainingJobName="e-job")
    assert described["TrainingJobStatus"] == "Completed"
    assert described["CreationTime"].timestamp() == 1000.5
    assert described["FinalMetricDataList"][0]["Value"] == 0.5
    assert "LaptopOnly" not in described


def test_a_processing_job_is_described(sagemaker: SageMakerClient, jobs: Store) -> None:
    described = sagemaker.describe_processing_job(ProcessingJobName="b-job")
    assert (described["ProcessingJobStatus"], described["ExitMessage"]) == ("Failed", "It broke.\nHere.")


def test_a_job_that_is_not_there_is_what_the_service_says(sagemaker: SageMakerClient, refused: Refused) -> None:
    assert refused(sagemaker.describe_training_job, TrainingJobName="no") == (
        "ValidationException",
        "Requested resource not found.",
    )
    assert refused(sagemaker.describe_processing_job, ProcessingJobName="no") == (
        "ValidationException",
        "Could not find requested job with name: no",
    )


@pytest.mark.parametrize("noun", ["Training", "Processing"])
@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, "ebcad"),
        ({"SortOrder": "Descending"}, "dacbe"),
        ({"SortBy": "Name"}, "abcde"),
        ({"SortBy": "Status"}, "aebcd"),
        ({"NameContains": "A-"}, "a"),
        ({"StatusEquals": "Completed"}, "ea"),
        ({"CreationTimeAfter": 1002, "CreationTimeBefore": 1004}, "ca"),
        ({"LastModifiedTimeAfter": 5000}, ""),
    ],
)
def test_jobs_are_listed(
    sagemaker: SageMakerClient, jobs: Store, noun: str, params: dict[str, Any], expected: str
) -> None:
    paginator: Any = sagemaker.get_paginator("list_training_jobs" if noun == "Training" else "list_processing_jobs")
    for size in (2, 100):
        pages = paginator.paginate(**params, PaginationConfig={"PageSize": size})
        names = [each[f"{noun}JobName"][0] for page in pages for each in page[f"{noun}JobSummaries"]]
        assert "".join(names) == expected


def test_filters_on_what_laptop_jobs_never_have_match_nothing(sagemaker: SageMakerClient, jobs: Store) -> None:
    assert sagemaker.list_training_jobs(WarmPoolStatusEquals="Available")["TrainingJobSummaries"] == []


@pytest.mark.parametrize("token", ["x", "e30=", "WzFd", "WyJhIiwgImIiXQ==", "WzEsIDJd", "💥"])
def test_a_token_of_another_making_is_refused(
    sagemaker: SageMakerClient, jobs: Store, token: str, refused: Refused
) -> None:
    code, message = refused(sagemaker.list_training_jobs, NextToken=token)
    assert (code, message) == (
        "ValidationException",
        "The NextToken is not one that this list gave. Start again without it.",
    )


def test_a_description_that_breaks_its_shape_is_our_fault_and_is_logged(
    sagemaker: SageMakerClient, store: Store, refused: Refused
) -> None:
    body = {**training_job("odd", 1.0, "Completed"), "TrainingJobStatus": "Exploded"}
    store.resources.put("TrainingJob", "odd", body["TrainingJobArn"], body, now=1.0)
    code, message = refused(sagemaker.describe_training_job, TrainingJobName="odd")
    log = store.home.root / "api.log"
    assert code == "InternalFailure"
    assert "trainingJobStatus" in message
    assert str(log) in message
    assert "ResponseError" in log.read_text(encoding="utf-8")


def test_a_running_job_is_asked_to_stop(sagemaker: SageMakerClient, jobs: Store, refused: Refused) -> None:
    for _ in range(2):
        sagemaker.stop_training_job(TrainingJobName="c-job")
    described = sagemaker.describe_training_job(TrainingJobName="c-job")
    assert (described["TrainingJobStatus"], described["SecondaryStatus"]) == ("Stopping", "Stopping")
    found = jobs.resources.get("TrainingJob", "c-job")
    assert found is not None
    assert found.body["StopRequested"] is True
    assert refused(sagemaker.stop_processing_job, ProcessingJobName="e-job") == (
        "ValidationException",
        "The request was rejected because the processing job is in status Completed.",
    )


@pytest.fixture
def tuned(store: Store) -> Store:
    """A tuning job with three trials, the last of which runs, and a training of nobody's."""
    tuning_arn = arn("hyper-parameter-tuning-job/tune")
    body = {
        "HyperParameterTuningJobName": "tune",
        "HyperParameterTuningJobArn": tuning_arn,
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "m"},
            "ResourceLimits": {"MaxParallelTrainingJobs": 2},
            "ParameterRanges": {"ContinuousParameterRanges": [{"Name": "eta", "MinValue": "0", "MaxValue": "1"}]},
        },
        "HyperParameterTuningJobStatus": "InProgress",
        "CreationTime": 1.0,
        "TrainingJobStatusCounters": {},
        "ObjectiveStatusCounters": {},
    }
    store.resources.put("HyperParameterTuningJob", "tune", tuning_arn, body, now=1.0)
    for number, value in enumerate((0.7, 0.9, None)):
        name = f"trial-{number}"
        trial = {
            **training_job(name, 10.0 + number, "InProgress" if value is None else "Completed"),
            "TuningJobArn": tuning_arn,
            "HyperParameters": {"seed": "7", "eta": f"0.{number}"},
            "FinalMetricDataList": [] if value is None else [{"MetricName": "m", "Value": value, "Timestamp": 1.0}],
        }
        store.resources.put("TrainingJob", name, trial["TrainingJobArn"], trial, now=10.0 + number)
    alone = training_job("alone", 5.0, "Completed")
    store.resources.put("TrainingJob", "alone", alone["TrainingJobArn"], alone, now=5.0)
    return store


def test_a_tuning_jobs_trainings(sagemaker: SageMakerClient, tuned: Store) -> None:
    def listed(**params: Any) -> list[Any]:
        answer: Any = sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(
            HyperParameterTuningJobName="tune", **params
        )
        return [*answer["TrainingJobSummaries"]]

    assert [each["TrainingJobName"][-1] for each in listed()] == ["0", "1", "2"]
    best, _ = listed(SortBy="FinalObjectiveMetricValue", SortOrder="Descending")
    assert best["TunedHyperParameters"] == {"eta": "0.1"}
    assert best["FinalHyperParameterTuningJobObjectiveMetric"] == {
        "Type": "Maximize",
        "MetricName": "m",
        "Value": 0.9,
    }
    assert (best["TuningJobName"], best["ObjectiveStatus"]) == ("tune", "Succeeded")
    (running,) = listed(StatusEquals="InProgress")
    assert running["ObjectiveStatus"] == "Pending"


def test_a_tuning_job_is_listed_and_missed(sagemaker: SageMakerClient, tuned: Store, refused: Refused) -> None:
    (summary,) = sagemaker.list_hyper_parameter_tuning_jobs()["HyperParameterTuningJobSummaries"]
    assert (summary["Strategy"], summary["ResourceLimits"]) == ("Bayesian", {"MaxParallelTrainingJobs": 2})
    assert refused(sagemaker.describe_hyper_parameter_tuning_job, HyperParameterTuningJobName="no") == (
        "ResourceNotFound",
        "Amazon SageMaker can't find a tuning job with the name no.",
    )
