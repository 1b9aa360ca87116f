"""Alarms that roll an endpoint's update back."""

from __future__ import annotations

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from config.settings.serving import Alarms
from infra.compliance.acknowledge import acknowledge

_NAMESPACE = "AWS/SageMaker"
_MICROSECONDS = 1_000
"""In a millisecond. ``ModelLatency`` is published in microseconds, and an alarm's threshold has its metric's unit."""


class RollbackAlarms(Construct):
    """What must not happen to one variant while its model or its instances change.

    ``names`` are the alarms', for the endpoint's deployment configuration. The rate of errors is the metric's average:
    for each request the service publishes 1 where it failed and 0 where not.
    """

    def __init__(self, scope: Construct, id_: str, *, endpoint_name: str, variant: str, settings: Alarms) -> None:
        super().__init__(scope, id_)
        self._dimensions = [
            cloudwatch.CfnAlarm.DimensionProperty(name="EndpointName", value=endpoint_name),
            cloudwatch.CfnAlarm.DimensionProperty(name="VariantName", value=variant),
        ]
        self._minutes = settings.minutes
        what = f"{endpoint_name}, variant {variant}"
        alarms = [
            self._alarm(
                "Errors",
                f"More than {settings.errors_percent:g} % of requests failed: {what}",
                "Invocation5XXErrors",
                settings.errors_percent / 100,
                statistic="Average",
            ),
            self._alarm(
                "Latency",
                f"The model took the slowest hundredth of requests longer than {settings.latency_ms:g} ms: {what}",
                "ModelLatency",
                settings.latency_ms * _MICROSECONDS,
                extended_statistic="p99",
                unit="Microseconds",
            ),
        ]
        if settings.refusals_percent is not None:
            alarms.append(
                self._alarm(
                    "Refusals",
                    f"More than {settings.refusals_percent:g} % of requests were refused: {what}",
                    "Invocation4XXErrors",
                    settings.refusals_percent / 100,
                    statistic="Average",
                )
            )
        self.names = [alarm.ref for alarm in alarms]
        acknowledge(
            self,
            "CloudWatchAlarmAction",
            "SageMaker watches these alarms itself and rolls the update back; whom to wake is for the monitoring "
            "stack's alarms.",
        )

    def _alarm(
        self,
        id_: str,
        description: str,
        metric: str,
        threshold: float,
        *,
        statistic: str | None = None,
        extended_statistic: str | None = None,
        unit: str | None = None,
    ) -> cloudwatch.CfnAlarm:
        return cloudwatch.CfnAlarm(
            self,
            id_,
            alarm_description=description,
            comparison_operator="GreaterThanThreshold",
            dimensions=self._dimensions,
            evaluation_periods=self._minutes,
            extended_statistic=extended_statistic,
            metric_name=metric,
            namespace=_NAMESPACE,
            period=60,
            statistic=statistic,
            threshold=threshold,
            # Nobody asking is no fault.
            treat_missing_data="notBreaching",
            unit=unit,
        )
