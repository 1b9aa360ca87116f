"""The drift pipeline's definition."""

from __future__ import annotations

import json
from typing import Any

import pytest

from config.settings.monitoring import Drift
from local.definition.validate import validate
from pipeline.definition import drift_definition
from pipeline.drift.build import build
from pipeline.placeholders import fill, names
from tests.pipeline.conftest import flattened
from tests.pipeline.inputs import VALUES, environment, problem

MORE = {
    "CapturedBucket": "sageline-captured-111122223333",
    "FindCapturedFunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:sageline-find-captured",
}


@pytest.fixture(scope="module")
def text() -> str:
    return build(problem(), environment())


@pytest.fixture(scope="module")
def steps(text: str) -> dict[str, Any]:
    return flattened(json.loads(fill(text, {**VALUES, **MORE})))


def test_the_same_inputs_give_the_same_canonical_text(text: str) -> None:
    assert build(problem(), environment()) == text
    assert text.isascii()
    assert json.dumps(json.loads(text), sort_keys=True, separators=(",", ":")) == text
    assert set(names(text)) <= {*VALUES, *MORE}


def test_nothing_is_wrong_with_it(text: str) -> None:
    filled = fill(text, {**VALUES, **MORE})
    assert validate(json.loads(filled), text_size=len(filled)) == []


def test_the_job_is_isolated_encrypted_and_given_all_that_it_reads(steps: dict[str, Any]) -> None:
    job = steps["MeasureDrift"]["Arguments"]
    assert job["NetworkConfig"]["EnableNetworkIsolation"] is True
    assert job["ProcessingOutputConfig"]["KmsKeyId"] == VALUES["ArtifactKeyArn"]
    given = {each["InputName"]: each["S3Input"] for each in job["ProcessingInputs"]}
    assert given["baseline"]["S3Uri"] == {"Get": "Steps.FindChampion.OutputParameters['BaselineUri']"}
    assert (given["captured"]["S3DataType"], given["code"]["S3DataType"]) == ("ManifestFile", "S3Prefix")


def test_drift_alone_reaches_the_step_that_fails(steps: dict[str, Any]) -> None:
    gate = steps["DriftGate"]["Arguments"]
    assert gate["IfSteps"] == []
    assert [each["Name"] for each in gate["ElseSteps"]] == ["Drifted"]
    (condition,) = gate["Conditions"]
    assert condition["Type"] == "LessThanOrEqualTo"
    assert condition["RightValue"] == {"Get": "Parameters.MostDriftedColumns"}


@pytest.mark.parametrize(
    ("setting", "value", "parameter"),
    [
        ("days", 3, "Days"),
        ("least_rows", 77, "LeastRows"),
        ("psi", 0.3, "MostPsi"),
        ("ks", 0.4, "MostKs"),
        ("missing", 0.5, "MostMissing"),
        ("unseen", 0.6, "MostUnseen"),
    ],
)
def test_each_setting_is_a_parameters_default(setting: str, value: float, parameter: str, tmp_path: Any) -> None:
    settings = Drift.model_validate({setting: value}).model_dump()
    watched = environment(monitoring={"drift": {"two_words": settings}})
    built = json.loads(drift_definition(problem(), watched, tmp_path))
    defaults = {each["Name"]: each["DefaultValue"] for each in built["Parameters"]}
    assert defaults[parameter] == value


def test_settings_make_entries_of_their_own_in_the_cache(tmp_path: Any) -> None:
    watched = environment(monitoring={"drift": {"two_words": {"psi": 0.3}}})
    first, second = (drift_definition(problem(), each, tmp_path) for each in (environment(), watched))
    assert first != second
    assert [drift_definition(problem(), each, tmp_path) for each in (environment(), watched)] == [first, second]
    assert len(list(tmp_path.iterdir())) == 2
