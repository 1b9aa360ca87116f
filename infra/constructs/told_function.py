"""Rules that invoke a function with events as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import aws_events as events
from constructs import Construct

from infra.constructs.dead_letters import DeadLetters
from infra.constructs.function import Function
from infra.constructs.schedules import RETRIES, RETRY_SECONDS


class Told(Construct):
    """A rule on a ``bus``, the account's own when left out, and the permission to invoke the function that it tells."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        description: str,
        pattern: Mapping[str, Any],
        function: Function,
        dead_letters: DeadLetters,
        bus: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.rule = events.CfnRule(
            self,
            "Rule",
            description=description,
            event_bus_name=bus,
            event_pattern=pattern,
            targets=[
                events.CfnRule.TargetProperty(
                    id="Function",
                    arn=function.function.attr_arn,
                    dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=dead_letters.queue.queue_arn),
                    retry_policy=events.CfnRule.RetryPolicyProperty(
                        maximum_event_age_in_seconds=RETRY_SECONDS, maximum_retry_attempts=RETRIES
                    ),
                )
            ],
        )
        function.allow(id_, "events.amazonaws.com", self.rule.attr_arn)
