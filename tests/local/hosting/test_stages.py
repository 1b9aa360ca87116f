"""The stages of deployment configurations, and those that the service does not take."""

from __future__ import annotations

from typing import Any

import pytest

from local.hosting.stages import Stage, alarms, problems, stages

ONE: list[dict[str, Any]] = [{"VariantName": "a", "InitialInstanceCount": 1}]
FOUR: list[dict[str, Any]] = [{"VariantName": "a", "InitialInstanceCount": 4}]


def blue_green(kind: str, wait: int = 2, **more: Any) -> dict[str, Any]:
    routing = {"Type": kind, "WaitIntervalInSeconds": wait, **more}
    return {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": 1}}


def percent(value: int) -> dict[str, Any]:
    return {"Type": "CAPACITY_PERCENT", "Value": value}


def count(value: int) -> dict[str, Any]:
    return {"Type": "INSTANCE_COUNT", "Value": value}


def rolling(size: dict[str, Any]) -> dict[str, Any]:
    return {"RollingUpdatePolicy": {"MaximumBatchSize": size, "WaitIntervalInSeconds": 3}}


@pytest.mark.parametrize(
    ("config", "shares", "seconds"),
    [
        (None, [1.0], [0]),
        (blue_green("ALL_AT_ONCE"), [1.0, 1.0], [2, 1]),
        (blue_green("CANARY", CanarySize=percent(10)), [0.1, 1.0], [2, 1]),
        (blue_green("CANARY", 3600, CanarySize=count(1)), [0.25, 1.0], [5, 1]),
        (blue_green("LINEAR", LinearStepSize=percent(40)), [0.4, 0.8, 1.0, 1.0], [2, 2, 2, 1]),
        (rolling(percent(50)), [0.5, 1.0], [3, 3]),
        (rolling(count(1)), [0.25, 0.5, 0.75, 1.0], [3] * 4),
    ],
)
def test_stages(config: Any, shares: list[float], seconds: list[float]) -> None:
    assert stages(config, 4) == [Stage(*each) for each in zip(shares, map(float, seconds), strict=True)]


@pytest.mark.parametrize(
    ("config", "variants", "words"),
    [
        (blue_green("CANARY"), FOUR, ["The Type CANARY needs a CanarySize."]),
        (blue_green("CANARY", CanarySize=percent(60)), FOUR, ["CanarySize is 60 % of the variant's instances"]),
        (blue_green("CANARY", CanarySize=count(1)), ONE, ["CanarySize is 100 % of the variant's instances"]),
        (blue_green("LINEAR", LinearStepSize=percent(5)), FOUR, ["LinearStepSize is 5 %", "it must be 10 to 50 %"]),
        (rolling(percent(4)), FOUR, ["MaximumBatchSize is 4 %"]),
        (rolling(percent(50)), FOUR * 2, ["takes one variant"]),
        ({**rolling(percent(50)), **blue_green("ALL_AT_ONCE")}, FOUR, ["either BlueGreenUpdatePolicy or Rolling"]),
        (blue_green("ALL_AT_ONCE"), ONE, []),
        (rolling(percent(50)), FOUR, []),
    ],
)
def test_what_the_service_does_not_take(
    config: dict[str, Any], variants: list[dict[str, Any]], words: list[str]
) -> None:
    found = " ".join(problems(config, variants))
    assert all(each in found for each in words)
    assert bool(found) == bool(words)


def test_a_deployment_config_keeps_the_variants_names() -> None:
    other = [{"VariantName": "b"}]
    (found,) = problems(blue_green("ALL_AT_ONCE"), ONE, other)
    assert found.endswith("keeps the variants' names: the endpoint has b, the new configuration a.")
    assert problems(blue_green("ALL_AT_ONCE"), ONE, FOUR) == []


def test_alarms() -> None:
    assert alarms(None) == []
    assert alarms({"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "Errors"}]}}) == ["Errors"]
