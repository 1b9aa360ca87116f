"""The bundled problem with a tuning budget: the best of real trials is evaluated and registered."""

from __future__ import annotations

from pathlib import Path

from local.client import client
from tests.support.command import ROOT, Finished, here


def test_the_best_of_four_trials_is_registered_and_a_second_run_takes_it_from_the_cache(
    finished: Finished, tmp_path: Path
) -> None:
    problem = tmp_path / "breast_cancer.yaml"
    text = (ROOT / "config" / "problems" / "breast_cancer.yaml").read_text(encoding="utf-8")
    short = "training: {hyperparameters: {num_round: 40}}"
    problem.write_text(f"{text}\ntuning: {{max_jobs: 9}}\n{short}\n", encoding="utf-8")
    home = finished.copy(tmp_path).home

    done = here(home, "run", str(problem), "-p", "MaxTuningJobs=4", "--json")

    assert done.code == 0, done.err
    steps = {step["name"]: step for step in done.json["steps"]}
    assert "Train" not in steps
    assert steps["Tune"]["status"] == "Succeeded"
    assert steps["Tune"]["reason"].startswith("4 of 4 trainings, best objective:auc ")
    assert "Tune: executing: 2 of 4 trainings, best objective:auc " in done.err
    sagemaker = client("sagemaker", home)
    (job,) = sagemaker.list_hyper_parameter_tuning_jobs()["HyperParameterTuningJobSummaries"]
    name = job["HyperParameterTuningJobName"]
    found = sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    counters = found["TrainingJobStatusCounters"]
    assert counters["Completed"] + counters["Stopped"] == 4
    best = sagemaker.describe_training_job(TrainingJobName=found["BestTrainingJob"]["TrainingJobName"])
    package = sagemaker.describe_model_package(ModelPackageName=done.json["model_package"])
    (container,) = package["InferenceSpecification"]["Containers"]
    assert container["ModelDataUrl"] == best["ModelArtifacts"]["S3ModelArtifacts"]

    printed = here(home, "logs", "latest", "Tune").out
    assert len({line.partition(":")[0] for line in printed.splitlines() if "validation:auc=" in line}) == 4

    again = here(home, "run", str(problem), "-p", "MaxTuningJobs=4", "--json")
    assert {step["name"]: step["cache"] for step in again.json["steps"]}["Tune"] == "hit"
    assert again.json["metrics"] == done.json["metrics"]
