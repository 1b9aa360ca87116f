"""A rule that starts a pipeline when files have arrived in its folder."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.dead_letters import DeadLetters
from infra.constructs.function import Function
from infra.constructs.problem_pipeline import ProblemPipeline
from infra.constructs.schedules import RETRIES, RETRY_SECONDS


class NewData(Construct):
    """A rule for objects that are created below a prefix of a bucket.

    EventBridge could start the pipeline itself, but a parameter is there a constant or a part of the event: never the
    version of all the folder's files, without which Prepare's result is taken from the cache. So a function starts it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        bucket: s3.IBucket,
        prefix: str,
        pipeline: ProblemPipeline,
        function: Function,
        quiet_seconds: int,
        dead_letters: DeadLetters,
    ) -> None:
        super().__init__(scope, id_)
        event = {
            "PipelineName": pipeline.name,
            "InputDataUri": bucket.s3_url_for_object(prefix),
            "Reason": "Started by new data",
            "QuietSeconds": quiet_seconds,
        }
        self.rule = events.CfnRule(
            self,
            "Rule",
            description=f"Starts the pipeline {pipeline.name} on new data",
            event_pattern={
                "source": ["aws.s3"],
                "detail-type": ["Object Created"],
                "detail": {
                    "bucket": {"name": [bucket.bucket_name]},
                    # S3's console makes an empty object for an empty folder.
                    "object": {"key": [{"prefix": prefix}], "size": [{"numeric": [">", 0]}]},
                },
            },
            targets=[
                events.CfnRule.TargetProperty(
                    id="Start",
                    arn=function.function.attr_arn,
                    dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=dead_letters.queue.queue_arn),
                    input=cdk.Stack.of(self).to_json_string(event),
                    retry_policy=events.CfnRule.RetryPolicyProperty(
                        maximum_event_age_in_seconds=RETRY_SECONDS, maximum_retry_attempts=RETRIES
                    ),
                )
            ],
        )
        function.allow(id_, "events.amazonaws.com", self.rule.attr_arn)
