"""AutoML steps with real candidates: what they find, what other steps read of them, and that the best one serves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits

from inference.archive import open_archive, unpack
from local.definition.models import response_shape
from local.definition.shapes import check
from local.definition.validate import validate
from tests.support.automl import automl, table
from tests.support.pipelines import CACHED, ROLE, Ended, Lab, definition, get, processing

BEST = "Steps.Auto.BestCandidate"
EXPLAINED = "Steps.Auto.BestCandidateProperties.ExplainabilityJsonReportPath"
INSIGHTS = "Steps.Auto.BestCandidateProperties.ModelInsightsJsonReportPath"
VARIABLES = (
    "MODEL_NAME",
    "SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT",
    "SAGEMAKER_SUBMIT_DIRECTORY",
    "SAGEMAKER_INFERENCE_SUPPORTED",
    "SAGEMAKER_INFERENCE_OUTPUT",
    "SAGEMAKER_PROGRAM",
)
# What the SDK's get_best_auto_ml_model makes of the step's properties.
CONTAINER = {
    "Image": get(f"{BEST}.InferenceContainers[0].Image"),
    "ModelDataUrl": get(f"{BEST}.InferenceContainers[0].ModelDataUrl"),
    "Environment": {name: get(f"{BEST}.InferenceContainers[0].Environment['{name}']") for name in VARIABLES},
}
MODEL = {"Name": "Model", "Type": "Model", "Arguments": {"ExecutionRoleArn": ROLE, "PrimaryContainer": CONTAINER}}
TRANSFORM = {
    "Name": "Predict",
    "Type": "Transform",
    "Arguments": {
        "ModelName": get("Steps.Model.ModelName"),
        "TransformInput": {
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://work/test/"}},
            "ContentType": "text/csv",
        },
        "TransformOutput": {"S3OutputPath": "s3://work/predicted"},
        "TransformResources": {"InstanceCount": 1, "InstanceType": "ml.m5.large"},
    },
}
REGISTER = {
    "Name": "Register",
    "Type": "RegisterModel",
    "Arguments": {
        "ModelPackageGroupName": "best",
        "InferenceSpecification": {
            "Containers": [CONTAINER],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
        "ModelMetrics": {
            "ModelQuality": {"Statistics": {"ContentType": "application/json", "S3Uri": get(INSIGHTS)}},
            "Explainability": {"Report": {"ContentType": "application/json", "S3Uri": get(EXPLAINED)}},
        },
    },
}
TEST_ROWS = [line.rpartition(",")[::2] for line in table(load_breast_cancer(), rows=60).splitlines()[1:]]
PRINT = "import pathlib,sys; print(pathlib.Path('/opt/ml/processing/input/report/statistics.json').read_text())"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """AWS's own example of an AutoML step: candidates, a model of the best one, predictions, a version."""
    lab = Lab.at(tmp_path_factory.mktemp("lab"))
    lab.put("rows/a.csv", table(load_breast_cancer(), rows=150))
    second = table(load_breast_cancer()).splitlines()
    lab.put("rows/b.csv", "\n".join([second[0], *second[151:]]))
    lab.put("test/rows.csv", "\n".join(row for row, _ in TEST_ROWS) + "\n")
    read = processing("Read", PRINT, inputs={"report": get(INSIGHTS)})
    raw = definition(automl(CacheConfig=CACHED), MODEL, TRANSFORM, REGISTER, read)
    assert validate(raw) == []
    return lab.run(raw)


def properties(done: Ended) -> Any:
    return done.steps["Auto"].properties


def test_the_best_of_real_candidates_is_described_as_the_service_does(done: Ended) -> None:
    assert set(done.statuses.values()) == {"Succeeded"}, done.steps["Auto"].reason
    found = properties(done)
    best = found["BestCandidate"]
    value = best["FinalAutoMLJobObjectiveMetric"]["Value"]
    assert 0.85 < value <= 1.0
    assert best["FinalAutoMLJobObjectiveMetric"]["Type"] == "Maximize"
    assert found["ResolvedAttributes"]["ProblemType"] == "BinaryClassification"
    assert (found["AutoMLJobStatus"], found["AutoMLJobSecondaryStatus"]) == ("Completed", "MaxCandidatesReached")
    described = {name: each for name, each in found.items() if name != "BestCandidateProperties"}
    wrong = check(described, response_shape("DescribeAutoMLJob"), "")
    assert [each for each in wrong if "time" not in each.message] == []
    values = [series[1] for series in done.steps["Auto"].metrics["F1"]]
    assert values[-1] == value == max(values)


def test_the_record_says_that_it_was_emulated_and_the_log_by_what(done: Ended) -> None:
    assert done.steps["Auto"].how == "emulated"
    reason = done.steps["Auto"].reason or ""
    assert reason.startswith("A search over model families stands in for Autopilot: 2 of 2 candidates, best F1 0.")
    assert reason.endswith((" (xgboost)", " (linear-learner)"))
    assert "[sageline] Autopilot is emulated by a search over model families: xgboost by XGBoost" in done.log("Auto")
    assert "240 rows to train on, 60 to score on." in done.log("Auto")
    assert done.log("Auto").count(" completed in ") == 2


def test_the_report_on_the_best_candidate_agrees_with_its_metrics(done: Ended) -> None:
    report = json.loads(done.log("Read"))["binary_classification_metrics"]
    best = properties(done)["BestCandidate"]
    metrics = best["CandidateProperties"]["CandidateMetrics"]
    held_out = {each["StandardMetricName"]: each["Value"] for each in metrics if each["Set"] == "Validation"}
    assert report["auc"]["value"] == held_out["AUC"]
    assert sum(count for row in report["confusion_matrix"].values() for count in row.values()) == 60
    explained = properties(done)["BestCandidateProperties"]["ExplainabilityJsonReportPath"]
    bucket, _, key = explained.removeprefix("s3://").partition("/")
    with done.lab.store.objects.open(bucket, key) as handle:
        shares = json.load(handle)["explanations"]["feature_importance"]["global_importance_values"]
    assert len(shares) == 30
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-3)


def test_the_model_of_the_best_candidate_predicts_raw_rows_in_a_transform_job(done: Ended) -> None:
    with done.lab.store.objects.open("work", "predicted/rows.csv.out") as handle:
        answered = handle.read().decode().split()
    truth = [label for _, label in TEST_ROWS]
    assert set(answered) == {"malignant", "benign"}
    assert sum(one == other for one, other in zip(answered, truth, strict=True)) > 50


def test_the_best_candidate_is_registered_with_its_reports(done: Ended) -> None:
    (package,) = done.lab.store.resources.list("ModelPackage")
    container = package.body["InferenceSpecification"]["Containers"][0]
    assert container["ModelDataUrl"] == done.steps["Auto"].outputs["model"]
    explained = package.body["ModelMetrics"]["Explainability"]["Report"]["S3Uri"]
    assert explained == properties(done)["BestCandidateProperties"]["ExplainabilityJsonReportPath"]


def test_the_archive_holds_what_its_manifest_says_and_no_pickle(done: Ended, tmp_path: Path) -> None:
    uri = done.steps["Auto"].outputs["model"]
    assert uri == properties(done)["BestCandidate"]["InferenceContainers"][0]["ModelDataUrl"]
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    folder = unpack(done.lab.store.objects.path(bucket, key), tmp_path)

    archive = open_archive(folder)

    assert archive.features.labels == ("benign", "malignant")  # of two classes the rarer one is looked for
    suffixes = {path.suffix for path in folder.rglob("*") if path.is_file()}
    assert suffixes == {".json", ".py"}


def test_the_same_rows_give_the_same_models_and_the_cache_gives_them_at_once(done: Ended) -> None:
    raw = definition(automl(CacheConfig=CACHED))
    cached = done.lab.run(raw, "second000000")
    assert (cached.steps["Auto"].cache or {})["result"] == "hit"
    assert cached.steps["Auto"].outputs == done.steps["Auto"].outputs

    anew = done.lab.run(definition(automl(most=1)), "third0000000")
    record = done.lab.store.resources.get("AutoMLJob", properties(done)["AutoMLJobName"])
    assert record is not None
    first = record.body["Candidates"][0]["InferenceContainers"][0]["ModelDataUrl"]
    digest = done.lab.store.objects.digest
    assert digest(anew.steps["Auto"].outputs["model"]) == digest(first) is not None


@pytest.mark.parametrize(
    ("dataset", "problem", "metric", "bound"),
    [
        (load_digits, "MulticlassClassification", "F1macro", 0.8),
        (load_diabetes, "Regression", "RMSE", 75.0),
    ],
)
def test_other_problem_types_are_searched_by_the_objective_given(
    lab: Lab, dataset: Any, problem: str, metric: str, bound: float
) -> None:
    lab.put("rows/a.csv", table(dataset()))
    request = {"ProblemType": problem, "AutoMLJobObjective": {"MetricName": metric}}
    done = lab.run(definition(automl(most=1, families=["xgboost"], request=request)))

    assert done.statuses == {"Auto": "Succeeded"}, done.steps["Auto"].reason
    final = properties(done)["BestCandidate"]["FinalAutoMLJobObjectiveMetric"]
    assert final["MetricName"] == metric
    assert (final["Value"] < bound) if final["Type"] == "Minimize" else (final["Value"] > bound)
    assert final["Type"] == ("Minimize" if problem == "Regression" else "Maximize")


def test_rows_without_the_target_fail_the_step_with_the_cause(lab: Lab) -> None:
    done = lab.run(definition(automl(channel={"TargetAttributeName": "price"})))

    assert done.statuses == {"Auto": "Failed"}
    assert (done.steps["Auto"].reason or "").startswith("The rows have no column 'price'; they have mean radius, ")


def test_what_cannot_run_is_named_before_anything_starts(lab: Lab) -> None:
    done = lab.run(definition(automl(families=["catboost"])))
    assert done.statuses == {"Auto": "NotExecuted"}
    assert done.execution.failure_reason == (
        "Step Auto searches catboost alone, which the laptop does not have; "
        "it has xgboost, linear-learner, lightgbm, randomforest, extra-trees."
    )
