"""Schedules that start pipelines."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.constructs.dead_letters import DeadLetters
from infra.constructs.domain_key import DomainKey
from infra.constructs.function import Function
from infra.constructs.home import home
from infra.constructs.policy import Permission, Policy
from infra.constructs.problem_pipeline import ProblemPipeline

RETRIES = 3
RETRY_SECONDS = 3_600


class Schedules(Construct):
    """A group of schedules that have a function start pipelines, and the role with which they invoke it."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        function: Function,
        dead_letters: DeadLetters,
        key: DomainKey,
    ) -> None:
        super().__init__(scope, id_)
        self._function = function
        self._dead_letters = dead_letters
        self._group = scheduler.CfnScheduleGroup(self, "Group", name=name)
        here = home(self)
        group_arn = here.arn("scheduler", f"schedule-group/{name}")
        self._role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "scheduler.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": here.account, "aws:SourceArn": group_arn}},
            ),
            description="Invokes the function that starts pipelines",
        )
        self._policy = Policy(
            self,
            "Policy",
            description="Invokes one function, and keeps what could not be delivered to it",
            role=self._role,
            permissions=[
                Permission("Invoke", ["lambda:InvokeFunction"], [function.arn]),
                Permission("KeepDeadLetters", ["sqs:SendMessage"], [dead_letters.queue.queue_arn]),
                Permission("EncryptDeadLetters", ["kms:Decrypt", "kms:GenerateDataKey"], [key.key.key_arn]),
            ],
        )

    def add(self, id_: str, *, pipeline: ProblemPipeline, input_uri: str, expression: str) -> None:
        """Start a pipeline again and again on what lies at an address; the expression's time is UTC."""
        schedule = scheduler.CfnSchedule(
            self,
            id_,
            description=f"Starts the pipeline {pipeline.name}",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            group_name=self._group.ref,
            schedule_expression=expression,
            schedule_expression_timezone="UTC",
            target=scheduler.CfnSchedule.TargetProperty(
                arn=self._function.function.attr_arn,
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(
                    arn=self._dead_letters.queue.queue_arn
                ),
                input=cdk.Stack.of(self).to_json_string(
                    {
                        "PipelineName": pipeline.name,
                        "InputDataUri": input_uri,
                        "Reason": "Started by its schedule",
                        # The same for each attempt at one time; the scheduler's execution id is another each time.
                        "Occasion": "<aws.scheduler.schedule-arn> <aws.scheduler.scheduled-time>",
                    }
                ),
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_event_age_in_seconds=RETRY_SECONDS, maximum_retry_attempts=RETRIES
                ),
                role_arn=self._role.role_arn,
            ),
        )
        schedule.node.add_dependency(self._policy)
