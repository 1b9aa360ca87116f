from __future__ import annotations

from typing import Any

from tests.support.serving import NAME, SCALING, TWO, endpoint, serving
from tests.support.stacks import only, properties, resources


def routing(**update: Any) -> Any:
    return endpoint(update=update, variants=TWO)["DeploymentConfig"]["BlueGreenUpdatePolicy"]


def alarm(start: str, **settings: Any) -> Any:
    return properties(serving(**settings), "AWS::CloudWatch::Alarm", start)


def test_an_updates_alarms_have_the_units_of_their_metrics() -> None:
    latency = alarm("AllTrafficAlarmsLatency", alarms={"latency_ms": 250})
    assert (latency["Threshold"], latency["Unit"], latency["ExtendedStatistic"]) == (250_000, "Microseconds", "p99")
    errors = alarm("AllTrafficAlarmsErrors", alarms={"errors_percent": 2})
    assert (errors["Threshold"], errors["Statistic"]) == (0.02, "Average")
    assert (latency["MetricName"], errors["MetricName"]) == ("ModelLatency", "Invocation5XXErrors")
    for each in (latency, errors):
        assert each["TreatMissingData"] == "notBreaching"
        assert [(one["Name"], one["Value"]) for one in each["Dimensions"]] == [
            ("EndpointName", NAME),
            ("VariantName", "AllTraffic"),
        ]


def test_every_variant_has_alarms_that_roll_the_update_back() -> None:
    made = serving(variants=TWO, alarms={"refusals_percent": 5})
    watched = only(made, "AWS::SageMaker::Endpoint")["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]
    alarms = resources(made, "AWS::CloudWatch::Alarm")
    assert len(alarms) == 6
    assert [each["AlarmName"]["Ref"] for each in watched] == list(alarms)


def test_an_update_moves_requests_as_the_settings_say() -> None:
    canary = routing(traffic="canary", step_percent=25, wait_seconds=60, keep_old_seconds=90)
    assert canary == {
        "MaximumExecutionTimeoutInSeconds": 2 * 60 + 90 + 3600,
        "TerminationWaitInSeconds": 90,
        "TrafficRoutingConfiguration": {
            "Type": "CANARY",
            "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 25},
            "WaitIntervalInSeconds": 60,
        },
    }
    linear = routing(traffic="linear", step_percent=30)["TrafficRoutingConfiguration"]
    assert (linear["Type"], linear["LinearStepSize"]) == ("LINEAR", {"Type": "CAPACITY_PERCENT", "Value": 30})
    assert routing()["TrafficRoutingConfiguration"] == {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 300}


def test_a_setting_takes_the_guard_away_for_a_change_of_variants() -> None:
    made = serving(update={"guarded": False})
    assert "DeploymentConfig" not in only(made, "AWS::SageMaker::Endpoint")
    assert resources(made, "AWS::CloudWatch::Alarm") == {}


def excluded(made: Any) -> list[str]:
    return [each["VariantPropertyType"] for each in made["ExcludeRetainedVariantProperties"]]


def test_an_update_keeps_the_instances_of_what_scales_and_takes_the_weights_of_the_settings() -> None:
    assert endpoint()["RetainAllVariantProperties"] is False
    scaled = endpoint(variants={"AllTraffic": {"scaling": SCALING}})
    assert (scaled["RetainAllVariantProperties"], excluded(scaled)) == (True, ["DesiredWeight"])
    by_hand = endpoint(keep_weights=True)
    assert (by_hand["RetainAllVariantProperties"], excluded(by_hand)) == (True, ["DesiredInstanceCount"])
    assert excluded(endpoint(keep_weights=True, variants={"AllTraffic": {"scaling": SCALING}})) == []
