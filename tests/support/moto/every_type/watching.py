"""Alarms, dashboards, scaling."""

from __future__ import annotations

from typing import Any

from tests.support.moto.every_type.parts import ref, resource


def watching(tags: list[Any], changed: bool) -> dict[str, Any]:
    """Return resources that refer to one another, and to those of the other modules, by these names."""
    target = {
        "ResourceId": "endpoint/every/variant/all",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
        "ServiceNamespace": "sagemaker",
    }
    at_most = 4 if changed else 3
    return {
        "Alarm": resource(
            "CloudWatch::Alarm",
            ComparisonOperator="GreaterThanThreshold",
            EvaluationPeriods=1,
            MetricName="ModelLatency",
            Namespace="AWS/SageMaker",
            Period=60,
            Statistic="Average",
            Threshold=at_most,
            TreatMissingData="notBreaching",
            Tags=tags,
        ),
        "Alarms": resource("CloudWatch::CompositeAlarm", AlarmRule={"Fn::Sub": f'ALARM("${{Alarm}}") OR {changed}'}),
        "Dashboard": resource("CloudWatch::Dashboard", DashboardBody=f'{{"widgets": [], "n": {at_most}}}'),
        "Target": {"DependsOn": "Endpoint"}
        | resource("ApplicationAutoScaling::ScalableTarget", **target, MinCapacity=1, MaxCapacity=at_most),
        "Scaling": resource(
            "ApplicationAutoScaling::ScalingPolicy",
            PolicyName="invocations",
            PolicyType="TargetTrackingScaling",
            ScalingTargetId=ref("Target"),
            TargetTrackingScalingPolicyConfiguration={
                "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
                "TargetValue": at_most,
            },
        ),
    }
