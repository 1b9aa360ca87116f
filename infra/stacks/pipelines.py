"""Pipelines: code, model groups and one pipeline a problem, what starts them, and who is told when one fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from infra import names
from infra.constructs.code_bundle import CodeBundle
from infra.constructs.compilation import Compilation, job_settings
from infra.constructs.dead_letters import DeadLetters
from infra.constructs.deployment_news import tell_of_deployments
from infra.constructs.failure_topic import FailureTopic
from infra.constructs.function import Function
from infra.constructs.home import home
from infra.constructs.model_group import ModelGroup
from infra.constructs.new_data import NewData
from infra.constructs.policy import Permission
from infra.constructs.problem_pipeline import ProblemPipeline
from infra.constructs.schedules import Schedules
from infra.constructs.version_news import tell_of_waiting
from infra.permissions import compilation
from infra.permissions import functions as permissions
from infra.stacks.foundation import Foundation, FoundedStack
from pipeline import placeholders
from pipeline.definition import definition
from pipeline.names import input_prefix, pipeline_name

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build"


class PipelinesStack(FoundedStack):
    """One pipeline a problem, with all that it calls; the same definition as on the laptop."""

    def __init__(self, scope: Construct, id_: str, foundation: Foundation) -> None:
        super().__init__(
            scope,
            id_,
            foundation,
            description="pipelines, model groups, what starts pipelines, and who is told of failures.",
        )
        self._names = [pipeline_name(problem.name) for problem in self._problems]
        key = self._data.operations_key
        failures = FailureTopic(self, "Failures", key=key, emails=self._environment.pipelines.emails)
        self.topic = failures.topic
        self._undelivered = DeadLetters(self, "Undelivered", key=key, topic=self.topic)
        self._compilation = self._compiles()
        made = self._make_pipelines()
        rules = [self._tell_of_failures(failures), *self._tell_of_deployments(failures), *self._starts(made)]
        if self._environment.pipelines.tell_of_waiting_versions:
            told = tell_of_waiting(failures, environment=self._environment.name, dead_letters=self._undelivered)
            rules.append(told)
        self._undelivered.admit([*rules, *([self._compilation.rule_arn] if self._compilation else [])])
        cdk.CfnOutput(self, "FailureTopicArn", value=self.topic.topic_arn)
        # Also while nothing is served or promoted: stacks that are left behind still use it.
        self.export_value(self.topic.topic_arn)

    def _make_pipelines(self) -> dict[str, ProblemPipeline]:
        """Make each problem's model group and pipeline; return the pipelines by the problems' names."""
        values = self._values()
        self.groups: dict[str, sagemaker.CfnModelPackageGroup] = {}
        self.pipelines: dict[str, sagemaker.CfnPipeline] = {}
        made = {}
        for problem in self._problems:
            promotion = self._environment.promotion
            readers = promotion.to if promotion is not None else ()
            group = ModelGroup(self, f"Models-{problem.name}", problem=problem, readers=readers)
            pipeline = ProblemPipeline(
                self,
                f"Pipeline-{problem.name}",
                problem=problem,
                definition=definition(problem, self._environment, cache_dir=BUILD / "definitions"),
                values=values,
                role_arn=self._identity.pipeline.role_arn,
                parallelism=self._environment.pipelines.parallelism,
            )
            # A run that registers a model before the group is there would make one that is nobody's.
            pipeline.node.add_dependency(group)
            for construct in (group, pipeline):
                cdk.Tags.of(construct).add("sageline:problem", problem.name)
            self.groups[problem.name], self.pipelines[problem.name] = group.group, pipeline.pipeline
            made[problem.name] = pipeline
        return made

    def _values(self) -> dict[str, str]:
        """Return what stands here where definitions have placeholders."""
        data = self._data
        code = CodeBundle(self, "Code", root=ROOT, folder=BUILD / "code")
        find_champion = self._function(
            "find-champion",
            "Looks up the newest approved model of a group",
            permissions.find_champion(self._functions_place, self._names),
        )
        smoke_test = self._function(
            "smoke-test",
            "Compares a deployed endpoint with what training predicted",
            permissions.smoke_test(self._functions_place, self._names, data.artifacts, data.artifact_key.key),
            timeout_seconds=300,
        )
        subnets = {placeholders.subnet(zone): subnet for zone, subnet in enumerate(self._network.subnet_ids, 1)}
        return {
            placeholders.ARTIFACT_BUCKET: data.artifacts.bucket_name,
            placeholders.ARTIFACT_KEY_ARN: data.artifact_key.key.key_arn,
            placeholders.AUTOML_ROLE_ARN: self._identity.auto_ml.role_arn,
            placeholders.CODE_FILE: code.file_name,
            placeholders.CODE_URI: code.uri,
            placeholders.DATA_BUCKET: data.raw.bucket_name,
            placeholders.ENDPOINT_ROLE_ARN: self._identity.endpoint.role_arn,
            placeholders.FIND_CHAMPION_FUNCTION_ARN: find_champion.function.attr_arn,
            placeholders.JOB_SECURITY_GROUP: self._network.job_security_group_id,
            placeholders.PROCESSING_ROLE_ARN: self._identity.processing.role_arn,
            placeholders.SMOKE_TEST_FUNCTION_ARN: smoke_test.function.attr_arn,
            placeholders.TRAINING_ROLE_ARN: self._identity.training.role_arn,
            **({placeholders.COMPILE_QUEUE_URL: self._compilation.queue_url} if self._compilation else {}),
            **subnets,
        }

    def _compiles(self) -> Compilation | None:
        """Make what has models compiled, one for all pipelines; None where no problem asks for it."""
        if not any(problem.compile for problem in self._problems):
            return None
        key, network = self._data.operations_key, self._network

        def make(name: str, description: str, allowed: Sequence[Permission], values: Mapping[str, str]) -> Function:
            return self._function(name, description, allowed, environment=values, dead_letters=self._undelivered)

        return Compilation(
            self,
            "Compilation",
            key=key,
            dead_letters=self._undelivered,
            make=make,
            start=compilation.start(self._functions_place, self._identity.compilation, key.key),
            follow=compilation.follow(self._functions_place, key.key),
            job=job_settings(
                role_arn=self._identity.compilation.role_arn,
                key_arn=self._data.artifact_key.key.key_arn,
                # Compiled models and endpoints are reached from the same places: the role knows no others.
                security_group_ids=[network.endpoint_security_group_id],
                subnet_ids=network.subnet_ids,
            ),
        )

    def _starts(self, pipelines: dict[str, ProblemPipeline]) -> list[str]:
        """Make what starts pipelines by itself; return the ARNs of its rules."""
        settings = self._environment.pipelines
        started = sorted({*settings.schedules, *settings.on_new_data})
        if not started:
            return []
        function = self._function(
            "start-pipeline",
            "Starts a pipeline on the data that lies in its folder",
            permissions.start_pipeline(
                self._functions_place,
                [pipeline_name(each) for each in started],
                self._data.raw,
                [input_prefix(each) for each in started],
            ),
            timeout_seconds=60 * settings.quiet_minutes + 60,
            dead_letters=self._undelivered,
        )
        if settings.schedules:
            schedules = Schedules(
                self,
                "Schedules",
                name=self.stack_name,
                function=function,
                dead_letters=self._undelivered,
                key=self._data.operations_key,
            )
            for problem, expression in sorted(settings.schedules.items()):
                uri = self._data.raw.s3_url_for_object(input_prefix(problem))
                schedules.add(problem, pipeline=pipelines[problem], input_uri=uri, expression=expression)
        return [
            NewData(
                self,
                f"NewData-{problem}",
                bucket=self._data.raw,
                prefix=input_prefix(problem),
                pipeline=pipelines[problem],
                function=function,
                quiet_seconds=60 * settings.quiet_minutes,
                dead_letters=self._undelivered,
            ).rule.attr_arn
            for problem in sorted(settings.on_new_data)
        ]

    def _tell_of_deployments(self, failures: FailureTopic) -> list[str]:
        """Tell of endpoints that could not be deployed, or went back; return the rules' ARNs."""
        if not self._environment.serving:
            return []
        serving = names.stack_name(self._environment.name, "serving-")
        return tell_of_deployments(
            failures,
            environment=self._environment.name,
            stacks=home(self).arn("cloudformation", f"stack/{serving}"),
            dead_letters=self._undelivered,
        )

    def _tell_of_failures(self, failures: FailureTopic) -> str:
        """Tell of each execution that fails; return the rule's ARN."""
        every = home(self).arn("sagemaker", f"pipeline/{names.PREFIX}-")
        rule = failures.announce(
            "ExecutionFailed",
            description="Tells of pipeline executions that fail",
            pattern={
                "source": ["aws.sagemaker"],
                "detail-type": ["SageMaker Model Building Pipeline Execution Status Change"],
                # A list of all of them would not fit into a pattern, which holds 2,048 characters.
                "detail": {"currentPipelineExecutionStatus": ["Failed"], "pipelineArn": [{"prefix": every}]},
            },
            values={"execution": "$.detail.pipelineExecutionArn", "time": "$.time"},
            message=f"{names.PREFIX} {self._environment.name}: the execution <execution> failed at <time>. Its steps "
            "say why: aws sagemaker list-pipeline-execution-steps --pipeline-execution-arn <execution>",
            dead_letters=self._undelivered,
        )
        return rule.attr_arn
