"""The pipeline that looks for drift in what a problem's endpoint captured, when it runs, and what drift starts."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sagemaker as sagemaker
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from config.problem import Problem
from infra.constructs.dead_letters import DeadLetters
from infra.constructs.domain_key import DomainKey
from infra.constructs.function import Function
from infra.constructs.home import home
from infra.constructs.policy import Permission, Policy
from infra.constructs.problem_pipeline import substituted
from infra.constructs.schedules import RETRIES, RETRY_SECONDS
from pipeline import names


class DriftCheck(Construct):
    """A scheduled pipeline. Drift fails its step ``Drifted``; a check that broke fails another one."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        problem: Problem,
        definition: str,
        values: Mapping[str, str],
        role_arn: str,
        schedule: str,
        dead_letters: DeadLetters,
        key: DomainKey,
    ) -> None:
        super().__init__(scope, id_)
        self.name = names.drift_pipeline_name(problem.name)
        self.arn = home(self).arn("sagemaker", f"pipeline/{self.name}")
        self._problem = problem
        self.pipeline = sagemaker.CfnPipeline(
            self,
            "Pipeline",
            pipeline_definition={"PipelineDefinitionBody": substituted(definition, values)},
            pipeline_description=f"Tells whether captured rows have drifted: {problem.name}",
            pipeline_name=self.name,
            role_arn=role_arn,
        )
        self._start(schedule, dead_letters, key)

    @property
    def drifted(self) -> dict[str, object]:
        """The pattern of the event that tells of drift: not that of a check that could not be made."""
        return {
            "source": ["aws.sagemaker"],
            "detail-type": ["SageMaker Model Building Pipeline Execution Step Status Change"],
            "detail": {"currentStepStatus": ["Failed"], "pipelineArn": [self.arn], "stepName": [names.DRIFTED]},
        }

    def retrain(self, function: Function, input_uri: str, dead_letters: DeadLetters) -> str:
        """Start the problem's own pipeline where there is drift, once for each check; return the rule's ARN."""
        pipeline = names.pipeline_name(self._problem.name)
        rule = events.CfnRule(
            self,
            "Retrain",
            description=f"Starts the pipeline {pipeline} when rows have drifted",
            event_pattern=self.drifted,
            targets=[
                events.CfnRule.TargetProperty(
                    id="Start",
                    arn=function.function.attr_arn,
                    dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=dead_letters.queue.queue_arn),
                    input_transformer=events.CfnRule.InputTransformerProperty(
                        input_paths_map={"execution": "$.detail.pipelineExecutionArn"},
                        input_template=f'{{"PipelineName":"{pipeline}","InputDataUri":"{input_uri}",'
                        '"Reason":"Started by drift","Occasion":<execution>}',
                    ),
                    retry_policy=events.CfnRule.RetryPolicyProperty(
                        maximum_event_age_in_seconds=RETRY_SECONDS, maximum_retry_attempts=RETRIES
                    ),
                )
            ],
        )
        function.allow(f"{self._problem.name}Drift", "events.amazonaws.com", rule.attr_arn)
        return rule.attr_arn

    def _start(self, expression: str, dead_letters: DeadLetters, key: DomainKey) -> None:
        group = scheduler.CfnScheduleGroup(self, "Group", name=self.name)
        group_arn = home(self).arn("scheduler", f"schedule-group/{self.name}")
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "scheduler.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": home(self).account, "aws:SourceArn": group_arn}},
            ),
            description=f"Starts the pipeline {self.name}",
        )
        policy = Policy(
            self,
            "Policy",
            description="Starts one pipeline, and keeps what could not be delivered",
            role=role,
            permissions=[
                Permission("Start", ["sagemaker:StartPipelineExecution"], [self.arn]),
                Permission("KeepDeadLetters", ["sqs:SendMessage"], [dead_letters.queue.queue_arn]),
                Permission("EncryptDeadLetters", ["kms:Decrypt", "kms:GenerateDataKey"], [key.key.key_arn]),
            ],
        )
        schedule = scheduler.CfnSchedule(
            self,
            "Schedule",
            description=f"Starts the pipeline {self.name}",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            group_name=group.ref,
            schedule_expression=expression,
            schedule_expression_timezone="UTC",
            target=scheduler.CfnSchedule.TargetProperty(
                arn=self.arn,
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(arn=dead_letters.queue.queue_arn),
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_event_age_in_seconds=RETRY_SECONDS, maximum_retry_attempts=RETRIES
                ),
                role_arn=role.role_arn,
            ),
        )
        for before in (policy, self.pipeline):
            schedule.node.add_dependency(before)
