"""Alarms that tell one topic, each with a link to what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

RUNBOOK = "docs/runbook.md"


@dataclass(frozen=True)
class Watched:
    """A metric and when it is too much.

    Attributes:
        namespace: Where the metric is published.
        metric: Its name.
        dimensions: What it is of.
        statistic: How a period's values become one, such as ``Sum`` or ``p99``.
        threshold: What must not be exceeded, in the metric's own unit.
        seconds: The length of a period.
        periods: In how many periods in a row.
        unit: The metric's unit, where it is not a count.
        at_least: Whether ``threshold`` must be reached, instead of not exceeded; silence then is an alarm, too.
    """

    namespace: str
    metric: str
    dimensions: Mapping[str, str]
    statistic: str
    threshold: float = 0
    seconds: int = 300
    periods: int = 1
    unit: str | None = None
    at_least: bool = False


def see(section: str, runbook_url: str | None) -> str:
    """Return the sentence that leads to a section of the runbook, at its address or else in the project."""
    return f"What to do: {runbook_url or RUNBOOK}#{section}"


@dataclass(frozen=True)
class Alarms:
    """Makes alarms in a stack. ``runbook_url`` is where the runbook can be read; its path in the project otherwise."""

    scope: Construct
    topic: sns.ITopic
    runbook_url: str | None
    made: list[cloudwatch.CfnAlarm] = field(default_factory=list)

    def see(self, section: str) -> str:
        """Return the sentence that leads to a section of the runbook."""
        return see(section, self.runbook_url)

    def add(self, id_: str, description: str, section: str, watched: Watched) -> cloudwatch.CfnAlarm:
        """Make an alarm that says what has happened, and where to read what to do."""
        extended = watched.statistic.startswith("p")
        alarm = cloudwatch.CfnAlarm(
            self.scope,
            id_,
            alarm_actions=[self.topic.topic_arn],
            alarm_description=f"{description} {self.see(section)}",
            comparison_operator="LessThanThreshold" if watched.at_least else "GreaterThanThreshold",
            dimensions=[
                cloudwatch.CfnAlarm.DimensionProperty(name=name, value=value)
                for name, value in sorted(watched.dimensions.items())
            ],
            evaluation_periods=watched.periods,
            extended_statistic=watched.statistic if extended else None,
            metric_name=watched.metric,
            namespace=watched.namespace,
            period=watched.seconds,
            statistic=None if extended else watched.statistic,
            threshold=watched.threshold,
            treat_missing_data="breaching" if watched.at_least else "notBreaching",
            unit=watched.unit,
        )
        self.made.append(alarm)
        return alarm
