"""Requests that cannot run here, each with the sentence that says so."""

from __future__ import annotations

from typing import Any

import pytest

from local.automl.validation import validate
from tests.support.automl import automl

CASES: list[tuple[dict[str, Any], str]] = [
    ({"config": {"Mode": "HYPERPARAMETER_TUNING"}}, "is not in the mode ENSEMBLING"),
    ({"channel": {"SampleWeightAttributeName": "w"}}, "weighs rows by SampleWeightAttributeName"),
    ({"channel": {"ContentType": "text/csv;header=absent"}}, "AutoML takes text/csv;header=present"),
    ({"channel": {"ChannelType": "validation"}}, "has no channel of the ChannelType training."),
    ({"request": {"ProblemType": "Regression"}}, "give both, or neither."),
    (
        {"request": {"ProblemType": "Regression", "AutoMLJobObjective": {"MetricName": "F1"}}},
        "choose of MSE, RMSE, MAE, R2.",
    ),
    (
        {"request": {"ProblemType": "Regression", "AutoMLJobObjective": {"MetricName": "WAPE"}}},
        "which is none of tabular problems.",
    ),
    ({"families": ["catboost", "fastai"]}, "searches catboost, fastai alone, which the laptop does not have;"),
    ({"request": {"ModelDeployConfig": {"AutoGenerateEndpointName": True}}}, "has ModelDeployConfig"),
    ({"request": {"InputDataConfig": []}}, "has no InputDataConfig"),
    ({"most": 0}, "has a MaxCandidates of 0; give at least 1."),
]


@pytest.mark.parametrize(("given", "sentence"), CASES)
def test_what_cannot_run_is_said_in_one_sentence(given: dict[str, Any], sentence: str) -> None:
    found = validate(automl(**given)["Arguments"])
    assert len(found) == 1
    assert sentence in found[0]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"families": None},
        {"most": {"Get": "Parameters.MaxCandidates"}},
        {"families": ["catboost", "xgboost"]},
        {"channel": {"ContentType": "x-application/vnd.amazon+parquet"}},
        {"channel": {"ContentType": "text/csv;header=present", "CompressionType": "Gzip"}},
        {"uri": {"Get": "Steps.Prepare.ProcessingOutputConfig.Outputs['rows'].S3Output.S3Uri"}},
        {"request": {"ProblemType": {"Get": "Parameters.Kind"}, "AutoMLJobObjective": {"MetricName": "F1"}}},
    ],
)
def test_what_can_run_is_let_through(given: dict[str, Any]) -> None:
    assert validate(automl(**given)["Arguments"]) == []


def test_a_file_of_addresses_is_not_read() -> None:
    request = automl()["Arguments"]
    request["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3DataType"] = "ManifestFile"
    assert validate(request) == [
        "reads a ManifestFile, which the laptop's AutoML does not; use the S3DataType S3Prefix."
    ]
