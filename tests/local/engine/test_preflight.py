"""What cannot run is named before anything runs."""

from __future__ import annotations

from typing import Any

import pytest

from local.definition.model import bind_parameters, parse
from local.engine.preflight import preflight
from local.engine.unsupported import sentence
from tests.support.pipelines import Lab, definition, get, processing, training


def findings(raw: dict[str, Any]) -> list[str]:
    read = parse(raw)
    return preflight(read, bind_parameters(read, {}))


def test_a_definition_that_can_run_has_no_findings() -> None:
    assert findings(definition(processing("Only", "pass", outputs=("out",)))) == []


def test_everything_is_named_at_once_and_nothing_starts(lab: Lab) -> None:
    athena = {"InputName": "in", "DatasetDefinition": {"LocalPath": get("Parameters.Place")}}
    raw = definition(
        processing("Far", "pass", request={"ProcessingInputs": [athena]}),
        {"Name": "Odd", "Type": "EMR", "Arguments": {}},
        {**processing("Stale", "pass"), "CacheConfig": {"Enabled": True, "ExpireAfter": "a month"}},
        Place="/opt/ml/processing/input/in",
    )
    expected = [
        "Step Far input 'in' has no S3Input; the laptop reads no data sets of Athena or Redshift.",
        f"Step Odd {sentence('EMR')}",
        "Step Stale has a cache expiry that cannot be read: 'a month' is not a duration; write it as P30D or PT12H.",
    ]

    assert findings(raw) == expected
    done = lab.run(raw)
    assert done.execution.status == "Failed"
    assert done.execution.failure_reason == " ".join(expected)
    assert done.statuses == dict.fromkeys(("Far", "Odd", "Stale"), "NotExecuted")
    assert done.summary["failure_reason"] == done.execution.failure_reason


NO_SCRIPT = (
    "Step Train trains with the built-in algorithm linear-learner; the laptop runs the built-in XGBoost, script mode "
    "(hyperparameters sagemaker_program and sagemaker_submit_directory) and ContainerEntrypoint."
)
LINEAR_LEARNER = "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1"


def test_a_name_that_is_a_path_is_refused() -> None:
    assert findings(definition(processing("../../escaped", "pass"))) == [
        "Step ../../escaped has a name that is more than letters, digits, hyphens and underscores, or longer than 64."
    ]


def channel(**source: Any) -> dict[str, Any]:
    return {"ChannelName": "c", "DataSource": {"S3DataSource": {"S3Uri": "s3://b/k", **source}}}


@pytest.mark.parametrize(
    ("request_part", "finding"),
    [
        (
            {"InputDataConfig": [channel(S3DataType="ManifestFile")]},
            "Step Train channel 'c' has the S3DataType ManifestFile; the laptop reads S3Prefix.",
        ),
        (
            {"InputDataConfig": [{**channel(), "InputMode": "Pipe"}]},
            "Step Train channel 'c' has the input mode Pipe; the laptop delivers files.",
        ),
        (
            {"HyperParameters": {"k": "1"}, "AlgorithmSpecification": {"TrainingImage": LINEAR_LEARNER}},
            NO_SCRIPT,
        ),
        (
            {"AlgorithmSpecification": {"ContainerEntrypoint": ["/no/such/program"]}},
            "Step Train runs the program /no/such/program, which is not on this machine.",
        ),
    ],
)
def test_training_features_that_the_laptop_lacks(request_part: dict[str, Any], finding: str) -> None:
    assert findings(definition(training("Train", channels={}, request=request_part))) == [finding]


@pytest.mark.parametrize(
    ("request_part", "finding"),
    [
        (
            {"ProcessingInputs": [{"InputName": "q", "DatasetDefinition": {}}]},
            "Step P input 'q' has no S3Input; the laptop reads no data sets of Athena or Redshift.",
        ),
        (
            {"ProcessingInputs": [{"InputName": "i", "S3Input": {"S3Uri": "s3://b/k", "LocalPath": "/etc"}}]},
            "Step P input 'i' has the LocalPath '/etc', which must lie below /opt/ml/processing.",
        ),
        (
            {"AppSpecification": {"ImageUri": "image"}},
            "Step P has no ContainerEntrypoint: what its image would run is not on the laptop.",
        ),
    ],
)
def test_processing_features_that_the_laptop_lacks(request_part: dict[str, Any], finding: str) -> None:
    assert findings(definition(processing("P", "pass", request=request_part))) == [finding]
