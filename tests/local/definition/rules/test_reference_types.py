from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import (
    definition,
    found,
    function,
    get,
    join,
    json_get,
    parameter,
    severities,
    training,
)

RULE = "reference-types"


def with_value(path: str, value: Any, *parameters: Any) -> Any:
    raw = training()
    inner = raw["Arguments"]
    *names, last = path.split(".")
    for name in names:
        inner = inner[name]
    inner[last] = value
    call = function("Call", OutputParameters=[{"OutputName": "n", "OutputType": "Integer"}])
    return definition(raw, call, parameters=list(parameters))


COUNT = "ResourceConfig.InstanceCount"
CASES = [
    (
        with_value(COUNT, get("Parameters.N"), parameter("N")),
        COUNT,
        "InstanceCount must be a whole number, and its expression gives a value of type String.",
    ),
    (with_value(COUNT, get("Parameters.N"), parameter("N", "Float")), COUNT, "gives a value of type Float."),
    (with_value(COUNT, join("1", on="")), COUNT, "gives a value of type String."),
    (with_value(COUNT, get("Execution.PipelineName")), COUNT, "gives a value of type String."),
    (
        with_value("HyperParameters.eta", get("Parameters.Eta"), parameter("Eta", "Float")),
        "HyperParameters.eta",
        'eta must be text, and its expression gives a value of type Float. Turn it into text with {"Std:Join"',
    ),
    (with_value("RoleArn", get("Steps.Call.OutputParameters['n']")), "RoleArn", "gives a value of type Integer."),
    (
        with_value("InputDataConfig", get("Parameters.Data"), parameter("Data")),
        "InputDataConfig",
        "InputDataConfig must be a list, and its expression gives a value of type String. Write a list, with",
    ),
    (
        with_value("EnableNetworkIsolation", get("Parameters.Alone"), parameter("Alone")),
        "EnableNetworkIsolation",
        "EnableNetworkIsolation must be true or false",
    ),
    (
        with_value(
            "ResourceConfig.InstanceType", get("Parameters.Type"), parameter("Type", DefaultValue="ml.m5.xlage")
        ),
        "ResourceConfig.InstanceType",
        "InstanceType takes a parameter, Type, and the default cannot be 'ml.m5.xlage'. Did you mean 'ml.m5.xlarge'?",
    ),
]
SOUND = [
    with_value(COUNT, get("Parameters.N"), parameter("N", "Integer", DefaultValue=2)),
    with_value(COUNT, get("Steps.Call.OutputParameters['n']")),
    with_value(COUNT, json_get("Call", "F", "a")),
    with_value(COUNT, get("Parameters.Unknown")),
    with_value("HyperParameters.eta", join(get("Parameters.Eta"), on=""), parameter("Eta", "Float")),
    with_value("RoleArn", get("Parameters.Role"), parameter("Role", DefaultValue="${TrainingRoleArn}")),
    with_value("RoleArn", get("Parameters.Role"), parameter("Role")),
]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    ((where, message, fix),) = found(RULE, raw)

    assert where == f"Steps[0].Arguments.{path} (step Train)"
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []


def test_an_enumerated_value_that_does_not_fit_is_a_warning() -> None:
    choices = parameter("Type", DefaultValue="ml.m5.large", EnumValues=["ml.m5.large", "ml.m5.huge"])

    assert severities(RULE, with_value("ResourceConfig.InstanceType", get("Parameters.Type"), choices)) == ["warning"]
