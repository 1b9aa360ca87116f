"""The bus on which another account tells of its approved versions, and the rule that tells another account's bus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.dead_letters import DeadLetters
from infra.constructs.policy import Permission, Policy
from infra.constructs.schedules import RETRIES, RETRY_SECONDS
from infra.constructs.version_news import REGISTRY_EVENTS

BUS = "sageline-promotions"
_SOURCE = "aws.sagemaker"


def approvals(groups: Sequence[str], account: str) -> Mapping[str, Any]:
    """Return the pattern of an account's events that tell of versions of some groups that are approved."""
    return {
        "account": [account],
        "source": [_SOURCE],
        "detail-type": [REGISTRY_EVENTS],
        "detail": {"ModelApprovalStatus": ["Approved"], "ModelPackageGroupName": list(groups)},
    }


class PromotionBus(Construct):
    """A bus that takes one account's events of the model registry and no others."""

    def __init__(self, scope: Construct, id_: str, *, account: str) -> None:
        super().__init__(scope, id_)
        stack = cdk.Stack.of(self)
        self.bus = events.CfnEventBus(self, "Bus", name=BUS, description="Versions that another account has approved")
        events.CfnEventBusPolicy(
            self,
            "Policy",
            event_bus_name=self.bus.ref,
            statement_id="ApprovalsOfOneAccount",
            statement={
                "Sid": "ApprovalsOfOneAccount",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:{stack.partition}:iam::{account}:root"},
                "Action": "events:PutEvents",
                "Resource": self.bus.attr_arn,
                "Condition": {"StringEquals": {"events:source": _SOURCE, "events:detail-type": REGISTRY_EVENTS}},
            },
        )


class Forward(Construct):
    """A rule that passes events on to the buses of other accounts, with a role that can do nothing else."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        pattern: Mapping[str, Any],
        accounts: Sequence[str],
        dead_letters: DeadLetters,
    ) -> None:
        super().__init__(scope, id_)
        stack = cdk.Stack.of(self)
        buses = {
            account: stack.format_arn(service="events", resource="event-bus", resource_name=BUS, account=account)
            for account in accounts
        }
        rules = stack.format_arn(service="events", resource="rule", resource_name="*")
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "events.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": stack.account}, "ArnLike": {"aws:SourceArn": rules}},
            ),
            description="Tells other accounts of approved versions",
        )
        Policy(
            self,
            "Policy",
            description="Puts events on the buses of the accounts that models are promoted to",
            role=role,
            permissions=[Permission("TellThem", ["events:PutEvents"], list(buses.values()))],
        )
        self.rule = events.CfnRule(
            self,
            "Rule",
            description="Tells other accounts of versions that are approved here",
            event_pattern=pattern,
            targets=[
                events.CfnRule.TargetProperty(
                    id=f"Account{account}",
                    arn=bus,
                    dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=dead_letters.queue.queue_arn),
                    retry_policy=events.CfnRule.RetryPolicyProperty(
                        maximum_event_age_in_seconds=RETRY_SECONDS, maximum_retry_attempts=RETRIES
                    ),
                    role_arn=role.role_arn,
                )
                for account, bus in buses.items()
            ],
        )
