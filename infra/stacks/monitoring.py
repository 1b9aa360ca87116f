"""Monitoring: dashboards, alarms and their topic, the drift check, jobs' logs, the budget."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import aws_cdk as cdk
from constructs import Construct

from config.settings.monitoring import Drift
from infra import names
from infra.constructs import audit
from infra.constructs.alarms import Alarms, Watched
from infra.constructs.code_bundle import CodeBundle
from infra.constructs.cost_budget import CostBudget
from infra.constructs.dashboards import Dashboard, cost_graphs, endpoint_graphs, pipeline_graphs
from infra.constructs.dead_letters import DeadLetters
from infra.constructs.drift_check import DriftCheck
from infra.constructs.endpoint_alarms import watch_variant
from infra.constructs.failure_topic import FailureTopic
from infra.constructs.function import Function
from infra.constructs.job_logs import JobLogs
from infra.constructs.pipeline_alarms import PIPELINES, watch_function, watch_pipeline
from infra.constructs.retention import retention
from infra.permissions import functions as permissions
from infra.stacks.foundation import Foundation, FoundedStack
from infra.stacks.pipelines import PipelinesStack
from pipeline import placeholders
from pipeline.definition import drift_definition
from pipeline.names import input_prefix, pipeline_name

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build"


class MonitoringStack(FoundedStack):
    """What is watched of an environment, and who is told."""

    def __init__(self, scope: Construct, id_: str, foundation: Foundation, *, pipelines: PipelinesStack) -> None:
        super().__init__(
            scope, id_, foundation, description="dashboards, alarms, the drift check, jobs' logs and the budget."
        )
        self._settings = self._environment.monitoring
        key = self._data.operations_key
        self._told = FailureTopic(self, "Alarms", key=key, emails=self._settings.emails)
        self.topic = self._told.topic
        self.alarms = Alarms(self, self.topic, self._settings.runbook_url)
        self._undelivered = DeadLetters(
            self,
            "Undelivered",
            key=key,
            topic=self.topic,
            more=self.alarms.see("something-undelivered"),
        )
        rules = self._drift() if self._settings.drift else []
        self._watch(pipelines)
        rules += self._audit() if self._settings.audit else []
        if rules:
            self._undelivered.admit(rules)
        if self._settings.dashboards:
            self._dashboards(pipelines)
        if self._settings.job_log_groups:
            kinds = self._settings.job_log_groups
            kept = retention(self._settings.log_days)
            JobLogs(self, "Jobs", kinds=kinds, key=key, retention=kept)
        self._budget()
        cdk.CfnOutput(self, "AlarmTopicArn", value=self.topic.topic_arn)

    @property
    def _pipeline_names(self) -> list[str]:
        return [pipeline_name(name) for name in sorted(problem.name for problem in self._problems)]

    @property
    def _variants(self) -> list[tuple[str, str]]:
        """Every endpoint and variant that is served; whether a model was approved yet, synth does not know."""
        return [
            (names.endpoint_name(problem), variant)
            for problem, endpoint in sorted(self._environment.serving.items())
            for variant in sorted(endpoint.variants)
        ]

    def _functions(self, pipelines: PipelinesStack) -> list[str]:
        """Return the names of the functions that pipelines and drift checks call."""
        found = [*pipelines.node.find_all(), *self.node.find_all()]
        return sorted(each.name for each in found if isinstance(each, Function))

    def _watch(self, pipelines: PipelinesStack) -> None:
        for name in self._pipeline_names:
            watch_pipeline(self.alarms, _id("Pipeline", name), name, self._settings.longest_hours)
        for name in self._functions(pipelines):
            watch_function(self.alarms, _id("Function", name), name)
        for endpoint, variant in self._variants:
            watch_variant(self.alarms, _id("Endpoint", endpoint, variant), endpoint, variant, self._settings.endpoints)

    def _audit(self) -> list[str]:
        """Watch what should not happen to data; return the ARNs of the rules."""
        data = self._data
        if data.trail is not None:
            namespace = f"Sageline/{self._environment.name}"
            audit.watch_refusals(self.alarms, data.trail.log_group, namespace, self._settings.refused_requests)
        return audit.tell_of_changes(
            self._told,
            [domain.key for domain in (data.data_key, data.artifact_key, data.operations_key)],
            [data.raw, data.artifacts, data.captured],
            self.alarms.see("a-key-or-a-bucket-was-changed"),
            self._undelivered,
        )

    def _dashboards(self, pipelines: PipelinesStack) -> None:
        region = self._environment.region
        graphs = {
            "pipelines": pipeline_graphs(region, self._pipeline_names, self._functions(pipelines)),
            "endpoints": endpoint_graphs(region, self._variants) if self._variants else [],
            "cost": cost_graphs(),
        }
        for name, shown in graphs.items():
            if shown:
                called = names.stack_name(self._environment.name, name)
                Dashboard(self, f"{name.capitalize()}Dashboard", name=called, graphs=shown)

    def _drift(self) -> list[str]:
        """Make the drift checks; return the ARNs of the rules that listen to them."""
        values = self._values()
        retrain = [name for name, settings in sorted(self._settings.drift.items()) if settings.retrain]
        function = self._retrain(retrain) if retrain else None
        rules = []
        for name, settings in sorted(self._settings.drift.items()):
            check = self._check(name, settings, values)
            rules.append(self._tell_of_drift(name, check))
            if settings.retrain and function is not None:
                folder = self._data.raw.s3_url_for_object(input_prefix(name))
                rules.append(check.retrain(function, folder, self._undelivered))
        return rules

    def _check(self, name: str, settings: Drift, values: dict[str, str]) -> DriftCheck:
        (problem,) = (each for each in self._problems if each.name == name)
        check = DriftCheck(
            self,
            f"Drift-{name}",
            problem=problem,
            definition=drift_definition(problem, self._environment, cache_dir=BUILD / "definitions"),
            values=values,
            role_arn=self._identity.pipeline.role_arn,
            schedule=settings.schedule,
            dead_letters=self._undelivered,
            key=self._data.operations_key,
        )
        cdk.Tags.of(check).add("sageline:problem", name)
        self.alarms.add(
            _id("Drift", name),
            f"The rows of {name} have drifted, or the check {check.name} could not be made.",
            "rows-have-drifted",
            Watched(PIPELINES, "ExecutionFailed", {"PipelineName": check.name}, "Sum"),
        )
        return check

    def _tell_of_drift(self, name: str, check: DriftCheck) -> str:
        rule = self._told.announce(
            _id("Tell", name),
            description=f"Tells of drift in the rows of {name}",
            pattern=check.drifted,
            values={"execution": "$.detail.pipelineExecutionArn"},
            message=f"{names.PREFIX} {self._environment.name}: the rows of {name} have drifted. Which columns, says: "
            f"aws sagemaker describe-pipeline-execution --pipeline-execution-arn <execution>. "
            f"{self.alarms.see('rows-have-drifted')}",
            dead_letters=self._undelivered,
        )
        return rule.attr_arn

    def _values(self) -> dict[str, str]:
        """Return what stands here where the drift checks' definitions have placeholders."""
        data = self._data
        code = CodeBundle(self, "Code", root=ROOT, folder=BUILD / "code")
        place = self._functions_place
        find_captured = self._function(
            "find-captured",
            "Lists what endpoints captured in the last days",
            permissions.find_captured(
                place, sorted(self._settings.drift), data.captured, data.artifacts, data.artifact_key.key
            ),
        )
        find_champion = place.arn("lambda", "function", names.function_name("find-champion"))
        return {
            placeholders.ARTIFACT_BUCKET: data.artifacts.bucket_name,
            placeholders.ARTIFACT_KEY_ARN: data.artifact_key.key.key_arn,
            placeholders.CAPTURED_BUCKET: data.captured.bucket_name,
            placeholders.CODE_FILE: code.file_name,
            placeholders.CODE_URI: code.uri,
            placeholders.FIND_CAPTURED_FUNCTION_ARN: find_captured.function.attr_arn,
            # By its name: a reference would keep the pipelines stack from ever being rid of it.
            placeholders.FIND_CHAMPION_FUNCTION_ARN: find_champion.replace("function/", "function:"),
            placeholders.JOB_SECURITY_GROUP: self._network.job_security_group_id,
            placeholders.PROCESSING_ROLE_ARN: self._identity.processing.role_arn,
            **{placeholders.subnet(zone): subnet for zone, subnet in enumerate(self._network.subnet_ids, 1)},
        }

    def _retrain(self, problems: Sequence[str]) -> Function:
        return self._function(
            "retrain",
            "Starts a pipeline on the data that lies in its folder, where rows have drifted",
            permissions.start_pipeline(
                self._functions_place,
                [pipeline_name(each) for each in problems],
                self._data.raw,
                [input_prefix(each) for each in problems],
            ),
            module="start_pipeline",
            dead_letters=self._undelivered,
        )

    def _budget(self) -> None:
        budget = self._settings.budget
        if budget is not None:
            tag = f"sageline:environment${self._environment.name}" if budget.scope == "environment" else None
            CostBudget(self, "Budget", monthly_usd=budget.monthly_usd, emails=budget.emails, tag=tag)


def _id(*parts: str) -> str:
    """Return a construct's id of names with hyphens and underscores."""
    return "".join(word[:1].upper() + word[1:] for part in parts for word in part.replace("_", "-").split("-") if word)
