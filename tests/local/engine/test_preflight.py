"""What cannot run is named before anything runs."""

from __future__ import annotations

from typing import Any

import pytest

from local.definition.model import bind_parameters, parse
from local.engine.preflight import preflight
from tests.support.pipelines import Lab, definition, get, processing, training


def findings(raw: dict[str, Any]) -> list[str]:
    read = parse(raw)
    return preflight(read, bind_parameters(read, {}))


def test_a_definition_that_can_run_has_no_findings() -> None:
    assert findings(definition(processing("Only", "pass", outputs=("out",)))) == []


def test_everything_is_named_at_once_and_nothing_starts(lab: Lab) -> None:
    cluster = {"ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": get("Parameters.Hosts")}}
    raw = definition(
        processing("Many", "pass", request={"ProcessingResources": cluster}),
        {"Name": "Odd", "Type": "EMR", "Arguments": {}},
        {**processing("Stale", "pass"), "CacheConfig": {"Enabled": True, "ExpireAfter": "a month"}},
        Hosts=3,
    )
    expected = [
        "Step Many runs on 3 instances, and the laptop has one; set InstanceCount to 1.",
        "Step Odd is of type EMR, which the laptop does not run yet.",
        "Step Stale has the cache expiry 'a month'; write an ISO 8601 duration such as P30D or PT2H.",
    ]

    assert findings(raw) == expected
    done = lab.run(raw)
    assert done.execution.status == "Failed"
    assert done.execution.failure_reason == " ".join(expected)
    assert done.statuses == dict.fromkeys(("Many", "Odd", "Stale"), "NotExecuted")
    assert done.summary["failure_reason"] == done.execution.failure_reason


NO_SCRIPT = (
    "Step Train trains with an algorithm inside its image; the laptop runs script mode (hyperparameters "
    "sagemaker_program and sagemaker_submit_directory) and ContainerEntrypoint."
)


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
            {"HyperParameters": {"eta": "0.1"}},
            NO_SCRIPT,
        ),
        (
            {"AlgorithmSpecification": {"ContainerEntrypoint": ["/no/such/program"]}},
            "Step Train runs the program /no/such/program, which is not on this machine.",
        ),
        (
            {"CheckpointConfig": {"S3Uri": "s3://b/checkpoints"}},
            "Step Train has a CheckpointConfig, which the laptop does not follow yet; leave it out.",
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
