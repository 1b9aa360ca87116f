from __future__ import annotations

from typing import Any

from tests.support.serving import ALL_KINDS, NAME, SCALING, serving
from tests.support.stacks import Template, only, properties, resources


def target(**scaling: Any) -> Any:
    made = serving(variants={"AllTraffic": {"scaling": SCALING | scaling}})
    return only(made, "AWS::ApplicationAutoScaling::ScalableTarget")


def tracking(made: Template) -> Any:
    policy = properties(made, "AWS::ApplicationAutoScaling::ScalingPolicy", "AllTrafficScalingRequests")
    return policy["TargetTrackingScalingPolicyConfiguration"]


def test_instances_follow_the_requests_of_a_minute() -> None:
    made = serving(variants={"AllTraffic": {"scaling": SCALING | {"scale_in": False}}})
    bounds = only(made, "AWS::ApplicationAutoScaling::ScalableTarget")
    assert bounds["ResourceId"] == f"endpoint/{NAME}/variant/AllTraffic"
    assert bounds["ScalableDimension"] == "sagemaker:variant:DesiredInstanceCount"
    assert tracking(made) == {
        "DisableScaleIn": True,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
        "ScaleInCooldown": 600,
        "ScaleOutCooldown": 60,
        "TargetValue": 120,
    }


def test_a_variant_scales_only_once_its_endpoint_is_there_and_changed() -> None:
    made = serving(variants={"AllTraffic": {"scaling": SCALING}})
    (each,) = resources(made, "AWS::ApplicationAutoScaling::ScalableTarget").values()
    assert each["DependsOn"] == ["Endpoint"]


def test_a_paused_variant_is_no_scaling_target_and_keeps_its_instances() -> None:
    made = serving(variants={"AllTraffic": {"scaling": SCALING | {"paused": True}}})
    assert resources(made, "AWS::ApplicationAutoScaling::ScalableTarget") == {}
    assert resources(made, "AWS::ApplicationAutoScaling::ScalingPolicy") == {}
    assert only(made, "AWS::SageMaker::Endpoint")["RetainAllVariantProperties"] is True


def test_schedules_change_the_bounds() -> None:
    night = {"at": "cron(0 20 ? * * *)", "timezone": "Europe/Berlin", "min_instances": 1, "max_instances": 2}
    assert target(schedules={"night": night})["ScheduledActions"] == [
        {
            "ScheduledActionName": "night",
            "Schedule": "cron(0 20 ? * * *)",
            "Timezone": "Europe/Berlin",
            "ScalableTargetAction": {"MinCapacity": 1, "MaxCapacity": 2},
        }
    ]
    assert "ScheduledActions" not in target()


def test_an_asynchronous_variant_follows_the_requests_that_wait_and_starts_from_nothing() -> None:
    made = serving(**ALL_KINDS["asynchronous"])
    metric = tracking(made)["CustomizedMetricSpecification"]
    assert metric["MetricName"] == "ApproximateBacklogSizePerInstance"
    assert metric["Dimensions"] == [{"Name": "EndpointName", "Value": NAME}]
    waiting = properties(made, "AWS::CloudWatch::Alarm", "AllTrafficScalingWaiting")
    (policy,) = [each["Ref"] for each in waiting["AlarmActions"]]
    assert made["Resources"][policy]["Properties"]["PolicyType"] == "StepScaling"
    assert waiting["MetricName"] == "HasBacklogWithoutCapacity"
    watched = only(made, "AWS::SageMaker::Endpoint")["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]
    assert not [each for each in watched if "Waiting" in each["AlarmName"]["Ref"]]


def test_an_asynchronous_variant_that_keeps_an_instance_starts_from_no_other() -> None:
    made = serving(asynchronous={}, variants={"AllTraffic": {"scaling": SCALING}})
    assert len(resources(made, "AWS::ApplicationAutoScaling::ScalingPolicy")) == 1
