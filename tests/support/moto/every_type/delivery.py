"""A pipeline of CodePipeline, and a project of CodeBuild that it starts."""

from __future__ import annotations

from typing import Any

from tests.support.moto.every_type.parts import get, ref, resource, trust


def delivery(tags: list[Any], changed: bool) -> dict[str, Any]:
    """Return resources that refer to one another, and to those of the other modules, by these names."""
    return {
        "BuildRole": resource("IAM::Role", AssumeRolePolicyDocument=trust("codebuild")),
        "PipelineRole": resource("IAM::Role", AssumeRolePolicyDocument=trust("codepipeline")),
        "Project": resource(
            "CodeBuild::Project",
            Artifacts={"Type": "CODEPIPELINE"},
            EncryptionKey=get("Key"),
            Environment={"ComputeType": "BUILD_GENERAL1_SMALL", "Image": "image", "Type": "LINUX_CONTAINER"},
            ServiceRole=get("BuildRole"),
            Source={"Type": "CODEPIPELINE", "BuildSpec": f"{changed}"},
            Tags=tags,
            Visibility="PUBLIC_READ" if changed else "PRIVATE",
        ),
        "Pushes": resource(
            "CodePipeline::Pipeline",
            ArtifactStore={"Type": "S3", "Location": ref("Bucket")},
            RoleArn=get("PipelineRole"),
            Stages=[
                _stage("Fetch", "Source", "S3", S3Bucket=ref("Bucket"), S3ObjectKey=f"{changed}.zip"),
                _stage("Build", "Build", "CodeBuild", ProjectName=ref("Project")),
            ],
            Tags=tags,
        ),
    }


def _stage(name: str, category: str, provider: str, **configuration: Any) -> dict[str, Any]:
    action_type = {"Category": category, "Owner": "AWS", "Provider": provider, "Version": "1"}
    return {"Name": name, "Actions": [{"Name": name, "ActionTypeId": action_type, "Configuration": configuration}]}
