"""Where failures are told, and decisions that wait: an encrypted topic with its subscribers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.constructs.dead_letters import DeadLetters
from infra.constructs.domain_key import DomainKey
from infra.constructs.home import home
from infra.constructs.policy import Permission, Policy


class FailureTopic(Construct):
    """A topic that this account's alarms, and the rules made with ``announce``, publish to."""

    def __init__(self, scope: Construct, id_: str, *, key: DomainKey, emails: Sequence[str]) -> None:
        super().__init__(scope, id_)
        self._key = key
        self.topic = sns.Topic(self, "Topic", enforce_ssl=True, master_key=key.key)
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsOfThisAccount",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={
                    "StringEquals": {"aws:SourceAccount": home(self).account},
                    "ArnLike": {"aws:SourceArn": home(self).arn("cloudwatch", "alarm:*")},
                },
            )
        )
        for email in emails:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))
        self._role = self._publisher()

    def announce(
        self,
        id_: str,
        *,
        description: str,
        pattern: Mapping[str, Any],
        values: Mapping[str, str],
        message: str,
        dead_letters: DeadLetters,
    ) -> events.CfnRule:
        """Tell of events in one sentence: ``values`` are JSON paths by the names under which the message has them."""
        return events.CfnRule(
            self,
            id_,
            description=description,
            event_pattern=pattern,
            targets=[
                events.CfnRule.TargetProperty(
                    id="Topic",
                    arn=self.topic.topic_arn,
                    dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=dead_letters.queue.queue_arn),
                    input_transformer=events.CfnRule.InputTransformerProperty(
                        input_paths_map=dict(values), input_template=f'"{message}"'
                    ),
                    role_arn=self._role.role_arn,
                )
            ],
        )

    def _publisher(self) -> iam.Role:
        """Return the role that rules publish with.

        A topic's policy cannot tell this account's rules from others' (EventBridge User Guide: it takes no conditions
        there); a role's trust can.
        """
        role = iam.Role(
            self,
            "Publisher",
            assumed_by=iam.ServicePrincipal(
                "events.amazonaws.com",
                conditions={
                    "StringEquals": {"aws:SourceAccount": home(self).account},
                    "ArnLike": {"aws:SourceArn": home(self).arn("events", "rule/*")},
                },
            ),
            description="Publishes failures to their topic",
        )
        Policy(
            self,
            "PublisherPolicy",
            description="Publishes to one encrypted topic",
            role=role,
            permissions=[
                Permission("Publish", ["sns:Publish"], [self.topic.topic_arn]),
                Permission("Encrypt", ["kms:Decrypt", "kms:GenerateDataKey"], [self._key.key.key_arn]),
            ],
        )
        return role
