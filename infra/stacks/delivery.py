"""Delivery: who deploys the environment by a git push, from GitHub Actions or with CodePipeline."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from constructs import Construct

from config.environment import Environment
from config.problem import Problem
from config.settings.delivery import CodePipeline, Delivery, GitHub
from infra import names
from infra.constructs.build_project import BuildProject
from infra.constructs.delivery_pipeline import DeliveryPipeline
from infra.constructs.domain_key import DomainKey
from infra.constructs.github_role import GitHubRole
from infra.constructs.policy import Permission
from infra.constructs.private_bucket import PrivateBucket
from infra.constructs.retention import retention
from infra.permissions import delivery as permissions
from infra.permissions.place import Place
from infra.stacks.data import DataStack
from infra.stacks.environment_stack import EnvironmentStack


class DeliveryStack(EnvironmentStack):
    """A role for GitHub's jobs, a pipeline of CodePipeline, or both; each runs the make targets that people run."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        environment: Environment,
        delivery: Delivery,
        problems: Sequence[Problem],
        data: DataStack,
    ) -> None:
        super().__init__(scope, id_, environment=environment, description="who deploys this environment by a git push.")
        self._data = data
        place = Place(self, [], [], vpc_id=None)
        self._deploy = permissions.deploy(place)
        stores = permissions.Stores(data.stack_name, data.raw, data.data_key.key, data.artifacts, data.artifact_key.key)
        self._attempt = permissions.attempt(place, problems, stores)
        if delivery.github is not None:
            self._github(delivery.github)
        if delivery.codepipeline is not None:
            self._codepipeline(delivery.codepipeline)

    def _github(self, settings: GitHub) -> None:
        made = GitHubRole(
            self,
            "GitHub",
            repository=settings.repository,
            deployment_environment=settings.environment or self._environment.name,
            provider_arn=settings.provider_arn,
            session_hours=settings.session_hours,
            policies={"Deploy": self._deploy, "Try": self._attempt},
        )
        cdk.CfnOutput(self, "GitHubRoleArn", value=made.role.role_arn)

    def _codepipeline(self, settings: CodePipeline) -> None:
        data = self._environment.data
        key = DomainKey(
            self,
            "Key",
            alias=names.alias(self._environment.name, "delivery"),
            description=f"Sageline {self._environment.name}: sources that are delivered",
            through=("s3",),
            volumes=False,
            deletion_days=data.key_deletion_days,
        )
        sources = PrivateBucket(
            self,
            "Sources",
            key=key.key,
            access_logs=self._data.access_logs,
            noncurrent_days=data.noncurrent_days,
            expire_days=settings.artifact_days,
        ).bucket
        steps: dict[str, tuple[str, Sequence[str], Sequence[Permission]]] = {
            "Check": ("Checks a push, with no rights in the account", ("test", "synth"), ()),
            "Deploy": ("Deploys the environment's stacks", ("deploy",), self._deploy),
            "Try": ("Runs a pipeline there and asks its endpoint", ("try",), self._attempt),
        }
        projects = {
            name: BuildProject(
                self,
                name,
                description=description,
                targets=targets,
                variables={"ENVIRONMENT": self._environment.name, "PROBLEM": settings.problem},
                permissions=allowed,
                sources=sources,
                key=key,
                operations_key=self._data.operations_key,
                retention=retention(settings.log_days),
                timeout_minutes=settings.timeout_minutes,
            ).project
            for name, (description, targets, allowed) in steps.items()
        }
        DeliveryPipeline(
            self,
            "Pushes",
            name=names.stack_name(self._environment.name, "delivery"),
            settings=settings,
            steps=projects,
            sources=sources,
            key=key,
        )
