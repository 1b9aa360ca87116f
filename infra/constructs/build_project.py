"""A CodeBuild project that runs make targets on what a pipeline fetched."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.compliance.acknowledge import acknowledge
from infra.constructs.domain_key import DomainKey
from infra.constructs.policy import Permission
from infra.constructs.service_role import ServiceRole
from infra.permissions import storage
from infra.permissions.logging import streams
from infra.permissions.place import Place

_IMAGE = "aws/codebuild/standard:7.0"
_PYTHON = "3.12"


class BuildProject(Construct):
    """A private project without Docker's privileges, with a role of its own that has ``permissions`` and no more.

    It runs outside the environment's network, whose subnets reach no package index; nothing reaches it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        description: str,
        targets: Sequence[str],
        variables: Mapping[str, str],
        permissions: Sequence[Permission],
        sources: s3.IBucket,
        key: DomainKey,
        operations_key: DomainKey,
        retention: logs.RetentionDays,
        timeout_minutes: int,
    ) -> None:
        super().__init__(scope, id_)
        group = logs.LogGroup(
            self,
            "Logs",
            encryption_key=operations_key.key,
            removal_policy=cdk.RemovalPolicy.RETAIN,
            retention=retention,
        )
        place = Place(cdk.Stack.of(self), [], [], vpc_id=None)
        role = ServiceRole(
            self,
            "Runs",
            service="codebuild.amazonaws.com",
            description=description,
            policies={
                "Work": [
                    *permissions,
                    Permission(
                        "FetchSources",
                        ["s3:GetObject", "s3:GetObjectVersion"],
                        [sources.arn_for_objects("*")],
                        because="CodePipeline names what it fetched by the execution.",
                    ),
                    storage.decrypt("DecryptSources", key.key, place),
                    Permission(
                        "WriteLogs",
                        ["logs:CreateLogStream", "logs:PutLogEvents"],
                        [streams(group)],
                        because="CodeBuild names a stream after each build.",
                    ),
                ]
            },
        ).role
        self.project = codebuild.CfnProject(
            self,
            "Project",
            artifacts=codebuild.CfnProject.ArtifactsProperty(type="CODEPIPELINE"),
            description=description,
            encryption_key=key.key.key_arn,
            environment=codebuild.CfnProject.EnvironmentProperty(
                compute_type="BUILD_GENERAL1_MEDIUM",
                environment_variables=[
                    codebuild.CfnProject.EnvironmentVariableProperty(name=name, type="PLAINTEXT", value=value)
                    for name, value in {"CI": "true", **variables}.items()
                ],
                image=_IMAGE,
                privileged_mode=False,
                type="LINUX_CONTAINER",
            ),
            logs_config=codebuild.CfnProject.LogsConfigProperty(
                cloud_watch_logs=codebuild.CfnProject.CloudWatchLogsConfigProperty(
                    group_name=group.log_group_name, status="ENABLED"
                )
            ),
            service_role=role.role_arn,
            source=codebuild.CfnProject.SourceProperty(build_spec=_build_spec(targets), type="CODEPIPELINE"),
            timeout_in_minutes=timeout_minutes,
            visibility="PRIVATE",
        )
        acknowledge(
            self.project,
            "CodeBuildProjectSourceRepoUrl",
            "It has no repository's address and no token: CodePipeline hands it what it fetched by its connection.",
        )


def _build_spec(targets: Sequence[str]) -> str:
    return json.dumps(
        {
            "version": "0.2",
            "phases": {
                "install": {"runtime-versions": {"python": _PYTHON}},
                "build": {"commands": [f"make {target}" for target in targets]},
            },
        },
        indent=1,
    )
