"""How the instances of a variant follow its requests."""

from __future__ import annotations

from aws_cdk import aws_applicationautoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from config.settings.scaling import Scaling

_NAMESPACE = "sagemaker"
_DIMENSION = "sagemaker:variant:DesiredInstanceCount"
_METRICS = "AWS/SageMaker"
_FROM_NOTHING_SECONDS = 300


class VariantScaling(Construct):
    """A scaling target with its policies and schedules.

    A variant of an endpoint that answers at once is scaled by the requests of a minute on each instance; that of an
    asynchronous one by those that wait for each, and from no instance to the first as soon as one waits. The alarms of
    target tracking are made by the service.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        endpoint_name: str,
        variant: str,
        settings: Scaling,
        asynchronous: bool,
    ) -> None:
        super().__init__(scope, id_)
        self._endpoint_name = endpoint_name
        self.target = autoscaling.CfnScalableTarget(
            self,
            "Target",
            max_capacity=settings.max_instances,
            min_capacity=settings.min_instances,
            resource_id=f"endpoint/{endpoint_name}/variant/{variant}",
            scalable_dimension=_DIMENSION,
            scheduled_actions=_schedules(settings) or None,
            service_namespace=_NAMESPACE,
        )
        self._track(settings, asynchronous)
        if asynchronous and _reaches_nothing(settings):
            self._leave_nothing()

    def _track(self, settings: Scaling, asynchronous: bool) -> None:
        backlog = autoscaling.CfnScalingPolicy.CustomizedMetricSpecificationProperty(
            dimensions=[
                autoscaling.CfnScalingPolicy.MetricDimensionProperty(name="EndpointName", value=self._endpoint_name)
            ],
            metric_name="ApproximateBacklogSizePerInstance",
            namespace=_METRICS,
            statistic="Average",
        )
        invocations = autoscaling.CfnScalingPolicy.PredefinedMetricSpecificationProperty(
            predefined_metric_type="SageMakerVariantInvocationsPerInstance"
        )
        autoscaling.CfnScalingPolicy(
            self,
            "Requests",
            policy_name="requests",
            policy_type="TargetTrackingScaling",
            scaling_target_id=self.target.ref,
            target_tracking_scaling_policy_configuration=autoscaling.CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty(
                customized_metric_specification=backlog if asynchronous else None,
                disable_scale_in=not settings.scale_in,
                predefined_metric_specification=None if asynchronous else invocations,
                scale_in_cooldown=settings.scale_in_seconds,
                scale_out_cooldown=settings.scale_out_seconds,
                target_value=settings.requests_per_instance,
            ),
        )

    def _leave_nothing(self) -> None:
        """Start the first instance: without any, the backlog per instance is not known, and tracking rests."""
        policy = autoscaling.CfnScalingPolicy(
            self,
            "FromNothing",
            policy_name="from-nothing",
            policy_type="StepScaling",
            scaling_target_id=self.target.ref,
            step_scaling_policy_configuration=autoscaling.CfnScalingPolicy.StepScalingPolicyConfigurationProperty(
                adjustment_type="ChangeInCapacity",
                cooldown=_FROM_NOTHING_SECONDS,
                metric_aggregation_type="Average",
                step_adjustments=[
                    autoscaling.CfnScalingPolicy.StepAdjustmentProperty(
                        metric_interval_lower_bound=0, scaling_adjustment=1
                    )
                ],
            ),
        )
        cloudwatch.CfnAlarm(
            self,
            "Waiting",
            alarm_actions=[policy.ref],
            alarm_description=f"Requests wait, and no instance works: {self._endpoint_name}",
            comparison_operator="GreaterThanOrEqualToThreshold",
            dimensions=[cloudwatch.CfnAlarm.DimensionProperty(name="EndpointName", value=self._endpoint_name)],
            evaluation_periods=1,
            metric_name="HasBacklogWithoutCapacity",
            namespace=_METRICS,
            period=60,
            statistic="Average",
            threshold=1,
            treat_missing_data="notBreaching",
        )


def _reaches_nothing(settings: Scaling) -> bool:
    return 0 in (settings.min_instances, *(each.min_instances for each in settings.schedules.values()))


def _schedules(settings: Scaling) -> list[autoscaling.CfnScalableTarget.ScheduledActionProperty]:
    return [
        autoscaling.CfnScalableTarget.ScheduledActionProperty(
            scalable_target_action=autoscaling.CfnScalableTarget.ScalableTargetActionProperty(
                max_capacity=each.max_instances, min_capacity=each.min_instances
            ),
            schedule=each.at,
            scheduled_action_name=name,
            timezone=each.timezone,
        )
        for name, each in settings.schedules.items()
    ]
