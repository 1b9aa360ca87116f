"""The pipeline of CodePipeline that checks each push, waits for a person, deploys, and tries what was deployed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_s3 as s3
from constructs import Construct

from config.settings.delivery import CodePipeline
from infra.constructs.domain_key import DomainKey
from infra.constructs.policy import Permission
from infra.constructs.service_role import ServiceRole
from infra.permissions import storage
from infra.permissions.place import Place

_SOURCE = "Source"
Stage = codepipeline.CfnPipeline.StageDeclarationProperty
Action = codepipeline.CfnPipeline.ActionDeclarationProperty


class DeliveryPipeline(Construct):
    """A pipeline of type V2: Source, Check, Approve (where ``settings.approval``), Deploy, Try.

    A newer push overtakes an older one that waits. ``steps`` are the projects of Check, Deploy and Try.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: CodePipeline,
        steps: Mapping[str, codebuild.CfnProject],
        sources: s3.IBucket,
        key: DomainKey,
    ) -> None:
        super().__init__(scope, id_)
        role = ServiceRole(
            self,
            "Runs",
            service="codepipeline.amazonaws.com",
            description="Fetches each push and starts the projects that check and deploy it",
            policies={"Work": self._permissions(settings, list(steps.values()), sources, key)},
        )
        stages = [_stage(step, _build(step, project)) for step, project in steps.items()]
        if settings.approval:
            stages.insert(1, _stage("Approve", _approve(settings)))
        pipeline = codepipeline.CfnPipeline(
            self,
            "Pipeline",
            artifact_store=codepipeline.CfnPipeline.ArtifactStoreProperty(
                encryption_key=codepipeline.CfnPipeline.EncryptionKeyProperty(id=key.key.key_arn, type="KMS"),
                location=sources.bucket_name,
                type="S3",
            ),
            execution_mode="SUPERSEDED",
            name=name,
            pipeline_type="V2",
            role_arn=role.role.role_arn,
            stages=[_stage(_SOURCE, _fetch(settings)), *stages],
        )
        # It fetches as soon as it is made.
        pipeline.node.add_dependency(role.node.find_child("Work"))

    def _permissions(
        self,
        settings: CodePipeline,
        projects: Sequence[codebuild.CfnProject],
        sources: s3.IBucket,
        key: DomainKey,
    ) -> list[Permission]:
        place = Place(cdk.Stack.of(self), [], [], vpc_id=None)
        service = settings.connection_arn.split(":")[2]
        return [
            Permission("Fetch", [f"{service}:UseConnection"], [settings.connection_arn]),
            Permission(
                "KeepSources",
                # Whoever fetches by a connection gives what it writes to the bucket's owner, by an access control list.
                ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:PutObjectAcl"],
                [sources.arn_for_objects("*")],
                because="CodePipeline names what it fetched by the execution.",
            ),
            Permission(
                "FindSources",
                ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"],
                [sources.bucket_arn],
            ),
            storage.encrypt("EncryptSources", key.key, place),
            Permission(
                "RunSteps",
                ["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"],
                [project.attr_arn for project in projects],
            ),
        ]


def _stage(name: str, action: Action) -> Stage:
    return Stage(name=name, actions=[action])


def _action_type(category: str, provider: str) -> codepipeline.CfnPipeline.ActionTypeIdProperty:
    return codepipeline.CfnPipeline.ActionTypeIdProperty(category=category, owner="AWS", provider=provider, version="1")


def _fetch(settings: CodePipeline) -> Action:
    return Action(
        name="Fetch",
        action_type_id=_action_type("Source", "CodeStarSourceConnection"),
        configuration={
            "BranchName": settings.branch,
            "ConnectionArn": settings.connection_arn,
            "DetectChanges": "true",
            "FullRepositoryId": settings.repository,
            "OutputArtifactFormat": "CODE_ZIP",
        },
        output_artifacts=[codepipeline.CfnPipeline.OutputArtifactProperty(name=_SOURCE)],
    )


def _approve(settings: CodePipeline) -> Action:
    asked = (
        f"Deploy {settings.branch} of {settings.repository}? Every check passed. What it changes: `make diff`. Approve "
        "only what has been deployed and tried in the environment before this one."
    )
    return Action(
        name="Approve", action_type_id=_action_type("Approval", "Manual"), configuration={"CustomData": asked}
    )


def _build(name: str, project: codebuild.CfnProject) -> Action:
    return Action(
        name=name,
        action_type_id=_action_type("Build", "CodeBuild"),
        configuration={"ProjectName": project.ref},
        input_artifacts=[codepipeline.CfnPipeline.InputArtifactProperty(name=_SOURCE)],
    )
