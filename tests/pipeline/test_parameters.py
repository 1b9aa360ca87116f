from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.pipeline.conftest import Definition


def declared(definition: Definition) -> dict[str, dict[str, Any]]:
    return {parameter["Name"]: parameter for parameter in definition["Parameters"]}


def test_a_person_finds_every_parameter_with_its_type_default_and_choices(plain: Definition) -> None:
    types = ["ml.m5.xlarge", "ml.c5.2xlarge"]
    statuses = ["PendingManualApproval", "Approved", "Rejected"]
    assert plain["Parameters"] == [
        {
            "Name": "InputDataUri",
            "Type": "String",
            "DefaultValue": "s3://sageline-data-111122223333/two_words/input/",
        },
        {"Name": "DataVersion", "Type": "String", "DefaultValue": "initial"},
        {"Name": "MetricThreshold", "Type": "Float", "DefaultValue": 0.9},
        {"Name": "ChampionTolerance", "Type": "Float", "DefaultValue": 0.0},
        {"Name": "ModelApprovalStatus", "Type": "String", "DefaultValue": statuses[0], "EnumValues": statuses},
        {"Name": "Seed", "Type": "Integer", "DefaultValue": 7},
        {"Name": "TrainingInstanceType", "Type": "String", "DefaultValue": types[0], "EnumValues": types},
        {"Name": "TrainingInstanceCount", "Type": "Integer", "DefaultValue": 1, "EnumValues": list(range(1, 9))},
        {"Name": "DeployEndpoint", "Type": "Boolean", "DefaultValue": False},
    ]


def test_defaults_that_are_zero_are_still_defaults(built: Callable[..., Definition]) -> None:
    found = declared(built(of={"seed": 0, "metric": "rmse", "kind": "regression", "threshold": 60}))
    assert found["Seed"]["DefaultValue"] == 0
    threshold = found["MetricThreshold"]["DefaultValue"]
    assert (threshold, type(threshold)) == (60.0, float)
