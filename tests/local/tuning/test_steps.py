"""Tuning steps with real trials: each strategy, seeds, ranking, what the service's responses hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from local.client import client
from local.definition.models import response_shape
from local.definition.shapes import check
from tests.local.tuning.conftest import step, trials, tried
from tests.support.pipelines import CACHED, Ended, Lab, definition, get, join, processing
from tests.support.tuning import PLACE, SQUARE, categorical, continuous, ranges, request, trainings, tuning

Tune = Callable[..., Ended]

STRATEGIES = {
    "Bayesian": request("Bayesian", most=5),
    "Random": request("Random", most=5),
    "Hyperband": request("Hyperband", most=5, training=trainings(static={"epochs": "9"})),
    "Grid": request("Grid", most=None, searched=ranges(categorical=[categorical("place", *"51234")])),
}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_strategy_runs_its_trials_and_finds_the_best(tune: Tune, strategy: str) -> None:
    done = tune(STRATEGIES[strategy])

    assert done.statuses == {"Tune": "Succeeded"}, step(done).reason
    distances = {name: (float(place) - 3) ** 2 for name, place in zip(_names(done), tried(done), strict=True)}
    assert len(distances) == 5
    found = step(done).properties
    ranked = [each["TrainingJobName"] for each in found["TrainingJobSummaries"]]
    assert ranked == sorted(distances, key=lambda name: distances[name])
    assert found["BestTrainingJob"]["TrainingJobName"] == ranked[0]
    assert found["BestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"] == {
        "Type": "Minimize",
        "MetricName": "loss",
        "Value": pytest.approx(distances[ranked[0]], abs=1e-6),
    }
    assert found["TrainingJobStatusCounters"]["Completed"] == 5
    assert found["ObjectiveStatusCounters"] == {"Succeeded": 5, "Pending": 0, "Failed": 0}
    assert step(done).outputs == {"model": f"s3://work/models/{ranked[0]}/output/model.tar.gz"}
    assert done.lab.store.objects.digest(step(done).outputs["model"]) is not None
    best = [value for _, value in step(done).metrics["loss"]]
    assert best == sorted(best, reverse=True)
    assert best[-1] == pytest.approx(min(distances.values()), abs=1e-6)


def _names(done: Ended) -> list[str]:
    return [str(body["TrainingJobName"]) for body in trials(done)]


def test_names_requests_and_descriptions_are_as_the_service_makes_them(tune: Tune) -> None:
    done = tune(request(most=2, training=trainings(static={"kind": '"a"'})))

    found = step(done).properties
    name = found["HyperParameterTuningJobName"]
    assert re.fullmatch(r"first0000000-Tune-[0-9a-f]{10}", name)
    assert [re.fullmatch(rf"{name}-00[12]-[0-9a-f]{{8}}", each) is not None for each in _names(done)] == [True, True]
    first = trials(done)[0]
    assert first["TuningJobArn"] == found["HyperParameterTuningJobArn"]
    hyperparameters = first["HyperParameters"]
    assert (hyperparameters["_tuning_objective_metric"], hyperparameters["kind"]) == ("loss", '"a"')
    assert found["TrainingJobSummaries"][0]["TunedHyperParameters"].keys() == {"place"}
    shapes = ("DescribeHyperParameterTuningJob", "ListTrainingJobsForHyperParameterTuningJob")
    members = [set(getattr(response_shape(operation), "members", ())) for operation in shapes]
    assert set(found) <= members[0] | members[1]
    summaries = {"TrainingJobSummaries": found["TrainingJobSummaries"]}
    assert [each for each in check(summaries, response_shape(shapes[1]), "") if "time" not in each.message] == []


def test_the_next_step_reads_the_best_trial_and_a_second_execution_takes_all_from_the_cache(lab: Lab) -> None:
    best = get("Steps.Tune.TrainingJobSummaries[0].TrainingJobName")
    uri = join("s3:/", "work", "models", best, "output/model.tar.gz", on="/")
    code = (
        "import pathlib,sys; print(sys.argv[1], [p.name for p in pathlib.Path('/opt/ml/processing/input/m').iterdir()])"
    )
    raw = definition(
        tuning(request(most=2), CacheConfig=CACHED),
        processing("Use", code, get("Steps.Tune.BestTrainingJob.TrainingJobName"), inputs={"m": uri}),
    )
    done = lab.run(raw)
    again = lab.run(raw, "second000000")

    assert done.statuses == again.statuses == {"Tune": "Succeeded", "Use": "Succeeded"}, step(done).reason
    name = step(done).properties["BestTrainingJob"]["TrainingJobName"]
    assert f"{name} ['model.tar.gz']" in done.log("Use")
    assert (step(again).cache or {})["result"] == "hit"
    assert f"{name} ['model.tar.gz']" in again.log("Use")


# Trials with an even number sleep, or those with an odd one.
SLOW = "import os, time\ntime.sleep(0.15 * (int(os.environ['TRAINING_JOB_NAME'].split('-')[-2]) % 2 == {parity}))\n"


def test_the_same_seed_tries_the_same_whichever_trial_ends_first(tune: Tune) -> None:
    given = request("Bayesian", most=5, parallel=2)
    first = tune(given, SLOW.format(parity=0) + SQUARE)
    second = tune(given, SLOW.format(parity=1) + SQUARE, "second000000")
    other = tune(request("Bayesian", most=2, RandomSeed=8), SQUARE, "third0000000")

    assert tried(first) == tried(second)
    assert len(set(tried(first))) == 5
    assert tried(other)[0] != tried(first)[0]


def test_trials_run_side_by_side(tune: Tune) -> None:
    done = tune(request(most=2, parallel=2), "import time; time.sleep(0.3)\n" + SQUARE)

    first, second = trials(done)
    assert first["TrainingStartTime"] < second["TrainingEndTime"]
    assert second["TrainingStartTime"] < first["TrainingEndTime"]


def test_several_definitions_take_turns_and_compete(tune: Tune) -> None:
    objective = {"Type": "Minimize", "MetricName": "loss"}
    far = ranges(continuous=[continuous("place", 8, 9)])
    given = request(most=4, searched=None)
    del given["TrainingJobDefinition"]
    given["TrainingJobDefinitions"] = [
        trainings(DefinitionName=name, TuningObjective=objective, HyperParameterRanges=searched)
        for name, searched in (("far", far), ("near", ranges(integer=[continuous("place", 2, 4)])))
    ]
    done = tune(given)

    assert done.statuses == {"Tune": "Succeeded"}, step(done).reason
    assert [float(place) > 7 for place in tried(done)] == [True, False, True, False]
    ranked = step(done).properties["TrainingJobSummaries"]
    assert [each["TrainingJobDefinitionName"] for each in ranked] == ["near", "near", "far", "far"]


def test_a_tuning_job_learns_from_its_parents_and_counts_their_best(tune: Tune) -> None:
    parent = tune(request("Grid", most=None, searched=ranges(categorical=[categorical("place", *"0269")])))
    name = step(parent).properties["HyperParameterTuningJobName"]

    def warm(kind: str, execution_id: str, searched: Any = PLACE) -> Ended:
        config = {"ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": name}], "WarmStartType": kind}
        given = request("Bayesian", most=3, searched=searched, members={"WarmStartConfig": config})
        return tune(given, SQUARE, execution_id)

    identical = warm("IdenticalDataAndAlgorithm", "second000000")
    found = step(identical).properties
    candidates = [found["BestTrainingJob"], step(parent).properties["BestTrainingJob"]]
    values = [each["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for each in candidates]
    assert found["OverallBestTrainingJob"] == candidates[values.index(min(values))]
    cold = tune(request("Bayesian", most=3), SQUARE, "fourth000000")
    assert tried(cold)[0] != tried(identical)[0]

    transferred = warm("TransferLearning", "third0000000")
    assert "OverallBestTrainingJob" not in step(transferred).properties
    assert tried(transferred) == tried(identical)


def test_a_parent_that_is_not_there_fails_the_step_at_once(tune: Tune) -> None:
    config = {"ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "gone"}]}
    done = tune(request(members={"WarmStartConfig": {**config, "WarmStartType": "TransferLearning"}}))

    assert step(done).status == "Failed"
    assert step(done).reason == "The parent tuning job gone of the warm start is not known here; run it first."


def test_a_definition_that_cannot_work_is_refused_before_anything_starts(tune: Tune) -> None:
    done = tune(request("Hyperband"))

    assert done.statuses == {"Tune": "NotExecuted"}
    assert done.execution.failure_reason == (
        "Step Tune searches by Hyperband without a MaxResource; say how often a trial reports its objective."
    )


def test_changes_of_state_are_events(tune: Tune) -> None:
    done = tune(request(most=2))

    events = [each for each in done.lab.store.events.after() if "HyperParameter Tuning" in each["detail-type"]]
    assert {each["detail-type"] for each in events} == {"SageMaker HyperParameter Tuning Job State Change"}
    assert [each["detail"]["HyperParameterTuningJobStatus"] for each in events] == ["InProgress", "Completed"]
    assert events[-1]["detail"]["TrainingJobStatusCounters"]["Completed"] == 2
    assert isinstance(events[-1]["detail"]["BestTrainingJob"]["TrainingEndTime"], int)


def test_the_trainings_of_a_tuning_job_are_listed_by_their_objective(tune: Tune) -> None:
    done = tune(request(most=3))

    sagemaker = client("sagemaker", done.lab.store.home.root)
    found = step(done).properties
    name = found["HyperParameterTuningJobName"]
    listed = sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name, SortBy="FinalObjectiveMetricValue", SortOrder="Ascending"
    )["TrainingJobSummaries"]
    ranked = found["TrainingJobSummaries"]
    assert [each["TrainingJobName"] for each in listed] == [each["TrainingJobName"] for each in ranked]
    assert listed[0]["TunedHyperParameters"] == ranked[0]["TunedHyperParameters"]
    described = sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    assert described["BestTrainingJob"]["TrainingJobName"] == listed[0]["TrainingJobName"]
    logs = client("logs", done.lab.store.home.root)
    group = "/aws/sagemaker/TrainingJobs"
    streams = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=f"{name}-")["logStreams"]
    assert len(streams) == 3
    events = logs.get_log_events(logGroupName=group, logStreamName=streams[0]["logStreamName"], startFromHead=True)
    assert events["events"][0]["message"].startswith("loss=")
    trial = sagemaker.describe_training_job(TrainingJobName=listed[0]["TrainingJobName"])
    assert trial["TuningJobArn"] == described["HyperParameterTuningJobArn"]
