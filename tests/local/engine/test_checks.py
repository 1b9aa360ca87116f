"""QualityCheck and ClarifyCheck steps by real engines, and what they compute."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.definition.model import parse
from local.engine.preflight import preflight
from local.jobs.builtin.checks import bias, model_quality
from local.jobs.builtin.checks.table import Column
from tests.support.models import ROLE, archive, script_container
from tests.support.pipelines import Lab, definition, get, processing

INPUT = "/opt/ml/processing/input/baseline_dataset_input"
GOOD = "age,kind\n1,a\n2,b\n3,a\n"


def check(
    step_type: str, kind: str, inputs: dict[str, str], environment: dict[str, str], **settings: Any
) -> dict[str, Any]:
    step = processing("Check", "pass")
    request = step["Arguments"]
    request["AppSpecification"] = {
        "ImageUri": "156813124566.dkr.ecr.us-east-1.amazonaws.com/sagemaker-model-monitor-analyzer"
    }
    request["ProcessingInputs"] = [
        {
            "InputName": name,
            "S3Input": {"S3Uri": uri, "LocalPath": path, "S3DataType": "S3Prefix", "S3InputMode": "File"},
        }
        for name, (uri, path) in {key: tuple(value.split("|")) for key, value in inputs.items()}.items()
    ]
    place = {"S3Uri": "s3://work/check", "LocalPath": "/opt/ml/processing/output", "S3UploadMode": "EndOfJob"}
    request["ProcessingOutputConfig"] = {"Outputs": [{"OutputName": "result", "S3Output": place}]}
    request["Environment"] = environment
    return {**step, "Type": step_type, "CheckType": kind, **settings}


def data_quality(uri: str, **settings: Any) -> dict[str, Any]:
    form = json.dumps({"csv": {"header": True, "output_columns_position": "START"}})
    environment = {"dataset_format": form, "dataset_source": INPUT, "output_path": "/opt/ml/processing/output"}
    return check("QualityCheck", "DATA_QUALITY", {"data": f"{uri}|{INPUT}"}, environment, **settings)


def read(lab: Lab, name: str) -> Any:
    with lab.store.objects.open("work", f"check/{name}") as handle:
        return json.load(handle)


def test_a_baseline_is_calculated_and_later_data_held_against_it(lab: Lab) -> None:
    first = lab.run(
        definition(data_quality(lab.put("good/a.csv", GOOD), SkipCheck=True, RegisterNewBaseline=True)), "first0000000"
    )

    found = first.steps["Check"]
    assert (found.status, found.how) == ("Succeeded", "emulated"), found.reason
    assert found.properties["CalculatedBaselineConstraints"] == "s3://work/check/constraints.json"
    assert found.properties["BaselineUsedForDriftCheckStatistics"] == "s3://work/check/statistics.json"
    age, kind = read(lab, "statistics.json")["features"]
    assert (age["inferred_type"], age["numerical_statistics"]["mean"]) == ("Integral", 2.0)
    assert kind["string_statistics"]["distinct_count"] == 2
    constraint = read(lab, "constraints.json")["features"][1]
    assert constraint["string_constraints"] == {"domains": ["a", "b"]}

    baseline = lab.put("baseline/constraints.json", json.dumps(read(lab, "constraints.json")))
    bad = lab.put("bad/a.csv", "age,kind\nold,a\n,c\n")
    second = lab.run(definition(data_quality(bad, SuppliedBaselineConstraints=baseline)), "second000000")

    assert second.steps["Check"].status == "Failed"
    told = {entry["constraint_check_type"] for entry in read(lab, "constraint_violations.json")["violations"]}
    assert told == {"data_type_check", "completeness_check", "categorical_values_check"}
    assert (second.steps["Check"].reason or "").startswith("3 violations: The column age is String, and the baseline's")


def test_a_check_without_a_baseline_says_what_to_give(lab: Lab) -> None:
    done = lab.run(definition(data_quality(lab.put("good/a.csv", GOOD))))

    assert "give SuppliedBaselineConstraints" in (done.steps["Check"].reason or "")


def test_bias_in_the_data_is_measured(lab: Lab) -> None:
    config = {
        "dataset_type": "text/csv",
        "headers": ["hired", "sex"],
        "label": "hired",
        "label_values_or_threshold": [1],
        "facet": [{"name_or_index": "sex", "value_or_threshold": [0]}],
        "methods": {"pre_training_bias": {"methods": ["CI", "DPL", "KS"]}},
    }
    settings = lab.put("config/analysis_config.json", json.dumps(config))
    data = lab.put("data/a.csv", "1,1\n1,1\n0,1\n0,0\n")
    inputs = {
        "analysis_config": f"{settings}|/opt/ml/processing/input/analysis_config",
        "dataset": f"{data}|/opt/ml/processing/input/data",
    }
    done = lab.run(definition(check("ClarifyCheck", "DATA_BIAS", inputs, {}, SkipCheck=True)))

    assert done.execution.status == "Succeeded", done.execution.failure_reason
    (facet,) = read(lab, "analysis.json")["pre_training_bias_metrics"]["facets"]["sex"]
    assert {metric["name"]: metric["value"] for metric in facet["metrics"]} == pytest.approx(
        {"CI": 0.5, "DPL": 2 / 3, "KS": 2 / 3}
    )


PRICED = """
def model_fn(model_dir):
    return 2.0


def transform_fn(slope, body, content_type, accept):
    rows = [line.split(",") for line in body.splitlines()]
    return "\\n".join(str(min(1.0, slope * float(row[0]) + 0.1 * float(row[1]))) for row in rows), "text/csv"
"""


def clarify(lab: Lab, kind: str, config: dict[str, Any], **settings: Any) -> dict[str, Any]:
    given = {"dataset_type": "text/csv", "headers": ["hired", "score", "sex"], "label": "hired", **config}
    settings_file = lab.put("config/analysis_config.json", json.dumps(given))
    inputs = {
        "analysis_config": f"{settings_file}|/opt/ml/processing/input/config",
        "dataset": f"{lab.put('data/a.csv', PEOPLE)}|/opt/ml/processing/input/data",
    }
    return check("ClarifyCheck", kind, inputs, {}, ModelName=get("Steps.Model.ModelName"), **settings)


def model(lab: Lab) -> dict[str, Any]:
    container = script_container(lab.put("model.tar.gz", archive(**{"code__inference.py": PRICED})))
    return {"Name": "Model", "Type": "Model", "Arguments": {"ExecutionRoleArn": ROLE, "PrimaryContainer": container}}


PEOPLE = "1,0.4,1\n1,0.4,1\n0,0.1,1\n0,0.1,0\n1,0.2,0\n"


def test_bias_of_a_model_is_measured_on_what_it_predicts(lab: Lab) -> None:
    config = {
        "label_values_or_threshold": [1],
        "facet": [{"name_or_index": "sex", "value_or_threshold": [0]}],
        "predictor": {"accept_type": "text/csv", "initial_instance_count": 1, "instance_type": "ml.m5.large"},
        "probability_threshold": 0.5,
        "methods": {"post_training_bias": {"methods": ["DPPL", "RD", "AD"]}, "report": {"name": "report"}},
    }
    done = lab.run(definition(model(lab), clarify(lab, "MODEL_BIAS", config, SkipCheck=True, RegisterNewBaseline=True)))

    found = done.steps["Check"]
    assert (found.status, found.how) == ("Succeeded", "emulated"), found.reason
    assert found.properties["BaselineUsedForDriftCheckConstraints"] == "s3://work/check/analysis.json"
    section = read(lab, "analysis.json")["post_training_bias_metrics"]
    assert (section["label"], section["label_value_or_threshold"]) == ("hired", "1")
    # Of three favoured rows the model accepts two, both rightly; of the others none, where one was hired.
    assert {each["name"]: each["value"] for each in section["facets"]["sex"][0]["metrics"]} == pytest.approx(
        {"DPPL": 2 / 3, "RD": 1.0, "AD": 0.5}
    )


def test_explanations_of_a_model_are_held_against_a_baseline(lab: Lab) -> None:
    shap = {"baseline": [[0, 0]], "num_samples": 10, "agg_method": "mean_abs"}
    config = {"predictor": {"content_type": "text/csv"}, "methods": {"shap": shap}}
    before = {"explanations": {"kernel_shap": {"label0": {"global_shap_values": {"score": 0.0, "sex": 1.0}}}}}
    supplied = lab.put("before/analysis.json", json.dumps(before))
    done = lab.run(
        definition(model(lab), clarify(lab, "MODEL_EXPLAINABILITY", config, SuppliedBaselineConstraints=supplied))
    )

    assert done.steps["Check"].status == "Failed"
    assert "Feature attribution drift found for label0" in (done.steps["Check"].reason or "")
    found = read(lab, "analysis.json")["explanations"]["kernel_shap"]["label0"]
    assert found == {
        "global_shap_values": {"score": pytest.approx(0.48), "sex": pytest.approx(0.06)},
        "expected_value": 0.0,
    }
    (violation,) = read(lab, "constraint_violations.json")["violations"]
    assert violation["constraint_check_type"] == "feature_attribution_drift_check"


def test_a_model_that_clarify_cannot_ask_fails_the_step_with_its_cause(lab: Lab) -> None:
    config = {"predictor": {}, "methods": {"shap": {"baseline": [[0, 0]]}}}
    step = clarify(lab, "MODEL_EXPLAINABILITY", config, SkipCheck=True)
    done = lab.run(definition({**step, "ModelName": "nowhere"}))

    assert 'Could not find model "arn:aws:sagemaker' in (done.steps["Check"].reason or "")


def test_clarifys_image_is_emulated_in_processing_steps_too(lab: Lab) -> None:
    config = {
        "label_values_or_threshold": [1],
        "facet": [{"name_or_index": "sex"}],
        "predicted_label": "score",
        "methods": {"pre_training_bias": {"methods": "all"}, "post_training_bias": {"methods": ["DPPL"]}},
    }
    step = clarify(lab, "MODEL_BIAS", config)
    request = step["Arguments"]
    request["AppSpecification"] = {
        "ImageUri": "678264136642.dkr.ecr.us-east-2.amazonaws.com/sagemaker-clarify-processing:1.0"
    }
    done = lab.run(definition({"Name": "Check", "Type": "Processing", "Arguments": request}))

    assert (done.steps["Check"].status, done.steps["Check"].how) == ("Succeeded", "emulated"), done.steps[
        "Check"
    ].reason
    assert done.steps["Check"].properties["AppSpecification"] == request["AppSpecification"]
    found = read(lab, "analysis.json")
    assert len(found["pre_training_bias_metrics"]["facets"]["sex"]) == 2
    assert "post_training_bias_metrics" in found


@pytest.mark.parametrize(
    ("kind", "told"),
    [("ODD", "the laptop knows DATA_BIAS, MODEL_BIAS, MODEL_EXPLAINABILITY")],
)
def test_checks_that_there_are_not_are_named(kind: str, told: str) -> None:
    (found,) = preflight(parse(definition(check("ClarifyCheck", kind, {}, {}))), {})

    assert told in found


def test_bias_metrics_follow_their_formulas() -> None:
    columns = [Column("y", list("11001000")), Column("f", list("aaaadddd")), Column("g", list("ppqqppqq"))]
    config = {
        "label": "y",
        "label_values_or_threshold": ["1"],
        "facet": {"name_or_index": "f", "value_or_threshold": "d"},
    }

    found = bias.analyse(columns, {**config, "group_variable": "g", "methods": {}})

    (facet,) = found["facets"]["f"]
    values = {metric["name"]: metric["value"] for metric in facet["metrics"]}
    # Of a, half is positive, of d a quarter.
    assert values == pytest.approx(
        {
            "CI": 0.0,
            "DPL": 0.25,
            "KL": 0.143841,
            "JS": 0.033822,
            "LP": 0.353553,
            "TVD": 0.25,
            "KS": 0.25,
            "CDDL": 0.5 * (1 - 1 / 3) + 0.5 * (0.5 - 0),
        },
        abs=1e-5,
    )


def test_a_model_that_got_worse_breaks_its_constraints() -> None:
    settings = {"problem_type": "Regression", "ground_truth_attribute": "y", "inference_attribute": "p"}
    good = model_quality.statistics([Column("y", ["1", "2", "3"]), Column("p", ["1", "2", "3.3"])], settings)
    bad = model_quality.statistics([Column("y", ["1", "2", "3"]), Column("p", ["1", "2", "4"])], settings)
    limits = model_quality.constraints(good)

    assert model_quality.violations(good, limits) == []
    assert {entry["metric_name"] for entry in model_quality.violations(bad, limits)} == {"mae", "mse", "rmse", "r2"}
