"""A queue for what could not be delivered, and an alarm when something is in it."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.compliance.acknowledge import acknowledge
from infra.constructs.domain_key import DomainKey

STARTING_AND_TELLING = "Something that should have started a pipeline, or told of a failure, could not be delivered"
_KEPT_DAYS = 14  # the longest that SQS keeps a message


class DeadLetters(Construct):
    """An encrypted queue that keeps events and invocations that failed again and again, and tells a topic of them.

    ``what`` is what its messages mean, and ``more`` what the alarm says besides.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        key: DomainKey,
        topic: sns.ITopic,
        what: str = STARTING_AND_TELLING,
        more: str = "",
    ) -> None:
        super().__init__(scope, id_)
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key.key,
            enforce_ssl=True,
            retention_period=cdk.Duration.days(_KEPT_DAYS),
        )
        acknowledge(
            self.queue,
            "AwsSolutions-SQS3",
            "It is the queue of dead letters itself: of rules and schedules, whose use the rule does not see.",
        )
        alarm = cloudwatch.Alarm(
            self,
            "Alarm",
            alarm_description=f"{what}. What it was lies in the queue for {_KEPT_DAYS} days. {more}".strip(),
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=1,
            metric=self.queue.metric_approximate_number_of_messages_visible(
                period=cdk.Duration.minutes(5), statistic="Maximum"
            ),
            threshold=0,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(topic))

    def admit(self, rule_arns: Sequence[str]) -> None:
        """Let rules keep here what they could not deliver."""
        self.queue.add_to_resource_policy(
            iam.PolicyStatement(
                sid="RulesOfThisStack",
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[self.queue.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": list(rule_arns)}},
            )
        )
