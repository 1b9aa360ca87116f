"""Tuning steps that end early, badly, or twice."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.client import client
from local.store.names import ARTIFACT_BUCKET
from tests.local.tuning.conftest import step, trials, tried
from tests.support.pipelines import Ended, Lab, await_value, definition
from tests.support.tuning import SQUARE, archive, categorical, ranges, request, tuning

Tune = Callable[..., Ended]

NUMBER = "import os, pathlib, sys, time\nnumber = int(os.environ['TRAINING_JOB_NAME'].split('-')[-2])\n"
FAILING = NUMBER + "if number == 2: sys.exit('bad luck')\n" + SQUARE


def test_single_failures_are_told_and_do_not_end_the_job(tune: Tune) -> None:
    done = tune(request("Bayesian", most=4), FAILING)

    found = step(done).properties
    assert step(done).status == "Succeeded"
    assert found["TrainingJobStatusCounters"] == {
        "Completed": 3, "InProgress": 0, "RetryableError": 0, "NonRetryableError": 1, "Stopped": 0,
    }  # fmt: skip
    assert found["ObjectiveStatusCounters"] == {"Succeeded": 3, "Pending": 0, "Failed": 1}
    assert len(found["TrainingJobSummaries"]) == 3
    assert "bad luck" in done.log("Tune")


def test_a_job_fails_when_every_trial_does(tune: Tune) -> None:
    done = tune(request(most=2), "raise SystemExit('no luck at all')")

    name = trials(done)[0]["TrainingJobName"]
    assert step(done).status == "Failed"
    assert step(done).reason == (
        f"No training job succeeded after 2 attempts. {name}: The program ended with exit code 1: no luck at all"
    )
    assert step(done).properties["FailureReason"] == step(done).reason


def test_a_job_fails_when_no_log_has_the_objective(tune: Tune) -> None:
    done = tune(request(most=2), "print('nothing to see')")

    assert step(done).reason == (
        "No objective metrics found after running 2 training jobs: no log has a line that the regular expression of "
        "loss finds."
    )
    assert step(done).properties["ObjectiveStatusCounters"] == {"Succeeded": 0, "Pending": 0, "Failed": 2}


# Improves slowly towards the distance from 3 over 20 lines; bad trials wait at their end to be stopped.
CURVE = (
    NUMBER
    + "place = float(sys.argv[sys.argv.index('--place') + 1])\n"
    + "for line in range(20): print(f'loss={(place - 3) ** 2 + 20 - line}', flush=True)\n"
    + "if place > 8 and number > 3: time.sleep(20)\n"
)


@pytest.mark.parametrize("strategy", ["Grid", "Hyperband"])
def test_trials_that_fall_behind_are_stopped_early(tune: Tune, strategy: str) -> None:
    if strategy == "Grid":
        places = ranges(categorical=[categorical("place", "3", "4", "2", "10", "3.5")])
        given = request("Grid", most=None, parallel=1, searched=places, TrainingJobEarlyStoppingType="Auto")
    else:
        places = ranges(categorical=[categorical("place", "3", "10")])
        resource = {"HyperbandStrategyConfig": {"MinResource": 15, "MaxResource": 20}}
        given = request("Hyperband", most=8, parallel=1, searched=places, StrategyConfig=resource)
    done = tune(given, CURVE)

    stopped = [body for body in trials(done) if body["TrainingJobStatus"] == "Stopped"]
    assert stopped
    assert {body["HyperParameters"]["place"] for body in stopped} == {"10"}
    assert step(done).status == "Succeeded"
    ranked = step(done).properties["TrainingJobSummaries"]
    assert [each["TrainingJobStatus"] for each in ranked[-len(stopped) :]] == ["Stopped"] * len(stopped)
    assert "stopped this training early" in done.log("Tune")


def test_a_target_that_is_reached_ends_the_job(tune: Tune) -> None:
    places = ranges(categorical=[categorical("place", "9", "3", "8", "7", "6")])
    given = request(
        "Grid", most=None, parallel=1, searched=places, TuningJobCompletionCriteria={"TargetObjectiveMetricValue": 0.5}
    )
    done = tune(given)

    assert tried(done) == ["9", "3"]
    assert step(done).reason == (
        f"2 of 5 trainings, best loss 0 by {trials(done)[1]['TrainingJobName']}; the objective has reached 0.5."
    )


def test_a_job_ends_when_nothing_gets_better(tune: Tune) -> None:
    criteria = {"BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": 3}}
    places = ranges(categorical=[categorical("place", *"43987652")])
    done = tune(request("Grid", most=None, parallel=1, searched=places, TuningJobCompletionCriteria=criteria))

    assert tried(done) == list("43987")
    details = step(done).properties["TuningJobCompletionDetails"]
    assert details["NumberOfTrainingJobsObjectiveNotImproving"] == 3


def test_time_that_is_up_ends_the_job_with_what_there_is(tune: Tune) -> None:
    code = NUMBER + "if number > 1: time.sleep(30)\n" + SQUARE
    # The service takes no less than two minutes; the engine holds nothing against three seconds.
    done = tune(request(most=4, parallel=1, limits={"MaxRuntimeInSeconds": 3}), code)

    assert step(done).status == "Succeeded"
    assert [body["TrainingJobStatus"] for body in trials(done)] == ["Completed", "Stopped"]
    assert (step(done).reason or "").endswith("the tuning job's MaxRuntimeInSeconds (3) was over.")


def test_stopping_the_execution_stops_the_trials(lab: Lab) -> None:
    lab.put("code/code.tar.gz", archive("import time; print('loss=1', flush=True); time.sleep(60)"))
    execution = lab.create(definition(tuning(request(most=4))))
    engine = lab.engine(execution.arn)
    await_value(lambda: len(list(lab.store.home.root.glob("executions/*/logs/Tune/*.log"))) == 2, "two trials")

    lab.store.executions.request_stop(execution.arn, time.time())
    engine.wait(timeout=20)

    done = lab.ended(execution.arn)
    assert done.statuses == {"Tune": "Stopped"}
    assert step(done).properties["HyperParameterTuningJobStatus"] == "Stopped"
    assert [body["TrainingJobStatus"] for body in trials(done)] == ["Stopped", "Stopped"]
    assert list(lab.store.objects.list("work", "models/")) == []


def test_a_tuning_job_can_be_stopped_by_itself(lab: Lab) -> None:
    lab.put("code/code.tar.gz", archive("import time; print('loss=1', flush=True); time.sleep(60)"))
    execution = lab.create(definition(tuning(request(most=4))))
    engine = lab.engine(execution.arn)
    (found,) = await_value(lambda: lab.store.resources.list("HyperParameterTuningJob"), "the tuning job")
    await_value(lambda: len(list(lab.store.home.root.glob("executions/*/logs/Tune/*.log"))) == 2, "two trials")

    client("sagemaker", lab.store.home.root).stop_hyper_parameter_tuning_job(HyperParameterTuningJobName=found.name)
    engine.wait(timeout=20)

    done = lab.ended(execution.arn)
    assert (step(done).status, step(done).reason) == ("Stopped", "The tuning job was stopped.")
    assert step(done).properties["HyperParameterTuningJobStatus"] == "Stopped"


def test_a_trial_that_a_person_stops_is_lost_and_the_others_go_on(lab: Lab) -> None:
    lab.put("code/code.tar.gz", archive(NUMBER + "if number == 1: time.sleep(60)\n" + SQUARE))
    execution = lab.create(definition(tuning(request(most=3))))
    engine = lab.engine(execution.arn)
    await_value(lambda: len(list(lab.store.home.root.glob("executions/*/logs/Tune/*.log"))) == 3, "all trials")
    slow = next(each for each in lab.store.resources.list("TrainingJob") if "-001-" in each.name)

    client("sagemaker", lab.store.home.root).stop_training_job(TrainingJobName=slow.name)
    engine.wait(timeout=20)

    done = lab.ended(execution.arn)
    assert step(done).status == "Succeeded"
    counters = step(done).properties["TrainingJobStatusCounters"]
    assert (counters["Completed"], counters["Stopped"]) == (2, 1)


def test_after_a_kill_finished_trials_are_kept_and_the_rest_runs(lab: Lab, tmp_path: Path) -> None:
    go, log = tmp_path / "go", tmp_path / "log"
    wait = (
        f"open({str(log)!r}, 'a').write(f'{{number}}\\n')\n"
        f"while number > 2 and not pathlib.Path({str(go)!r}).exists(): time.sleep(0.02)\n"
    )
    given = request("Bayesian", most=5, parallel=2)
    lab.put("code/code.tar.gz", archive(NUMBER + wait + SQUARE))
    execution = lab.create(definition(tuning(given)))
    engine = lab.engine(execution.arn)
    await_value(lambda: log.exists() and "3\n" in log.read_text() and "4\n" in log.read_text(), "four trials")
    await_value(lambda: (_summary(lab)["steps"][0]["reason"] or "").startswith("2 of 5 trainings, best loss "), "news")
    assert _summary(lab)["steps"][0]["status"] == "Executing"
    engine.kill()
    engine.wait()
    go.touch()

    done = lab.resume(execution.arn)

    assert step(done).status == "Succeeded", step(done).reason
    assert sorted(log.read_text().split()) == ["1", "2", "3", "3", "4", "4", "5"]
    assert len(trials(done)) == 5
    assert step(done).attempt == 2
    whole = Lab.at(tmp_path / "other")
    whole.put("code/code.tar.gz", archive())
    assert tried(whole.run(definition(tuning(given)))) == tried(done)


def _summary(lab: Lab) -> Any:
    (key,) = [info.key for info in lab.store.objects.list(ARTIFACT_BUCKET) if info.key.endswith("execution.json")]
    with lab.store.objects.open(ARTIFACT_BUCKET, key) as handle:
        return json.load(handle)
