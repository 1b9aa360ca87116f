"""What CodePipeline and CodeBuild ask of their roles for a deployed pipeline, by what it declares.

Source: CodePipeline User Guide, 'Manage the CodePipeline service role' and the references of its actions; CodeBuild
User Guide, 'Allow CodeBuild to interact with other AWS services'; S3 User Guide, 'Using SSE-KMS', for what S3 asks
of a key.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.infra.deploy.deployed import Deployed
from tests.infra.deploy.test_identity import statements
from tests.support.iam import Call


@dataclass(frozen=True)
class Delivering:
    """The deployed pipeline with the projects that it starts."""

    deployed: Deployed

    @cached_property
    def pipeline(self) -> Any:
        """What the pipeline declares."""
        name = self.deployed.one("delivery", "AWS::CodePipeline::Pipeline")
        return self.deployed.client("codepipeline").get_pipeline(name=name)["pipeline"]

    @cached_property
    def actions(self) -> dict[str, Any]:
        """The one action of each stage by the stage's name, in the order of the stages."""
        found = {}
        for stage in self.pipeline["stages"]:
            (found[stage["name"]],) = stage["actions"]
        return found

    @cached_property
    def projects(self) -> dict[str, Any]:
        """The projects by the names of the stages that start them."""
        codebuild = self.deployed.client("codebuild")
        names = {
            stage: action["configuration"]["ProjectName"]
            for stage, action in self.actions.items()
            if action["actionTypeId"]["provider"] == "CodeBuild"
        }
        described = codebuild.batch_get_projects(names=list(names.values()))["projects"]
        by_name = {each["name"]: each for each in described}
        self.deployed.physical("delivery", "AWS::CodeBuild::Project")  # for the report
        return {stage: by_name[name] for stage, name in names.items()}

    @property
    def key(self) -> str:
        """The ARN of the key that sources are encrypted with."""
        key: str = self.pipeline["artifactStore"]["encryptionKey"]["id"]
        return key

    def commands(self, stage: str) -> list[str]:
        """Return what a stage's project runs."""
        found: list[str] = json.loads(self.projects[stage]["source"]["buildspec"])["phases"]["build"]["commands"]
        return found

    def granted(self, role_arn: str) -> list[Any]:
        """Return what a role may do."""
        return statements(self.deployed, role_arn.rpartition("/")[2])

    def pipelines_calls(self) -> list[Call]:
        """Return what CodePipeline asks of the pipeline's role."""
        bucket = self._bucket
        looks = [Call(f"s3:GetBucket{each}", bucket) for each in ("Acl", "Location", "Versioning")]
        return [*looks, *(call for action in self.actions.values() for call in self._of_action(action))]

    def builds_calls(self, stage: str) -> list[Call]:
        """Return what CodeBuild itself asks of a project's role: not what the commands ask that it runs."""
        server, project = self.deployed.server, self.projects[stage]
        group = project["logsConfig"]["cloudWatchLogs"]["groupName"]
        stream = f"arn:aws:logs:{server.region}:{server.account}:log-group:{group}:log-stream:0a1b2c3d"
        logs = [Call(f"logs:{each}", stream) for each in ("CreateLogStream", "PutLogEvents")]
        return [*logs, *self._fetched()]

    def _of_action(self, action: Any) -> list[Call]:
        kind, given = action["actionTypeId"], action["configuration"]
        match kind["category"], kind["provider"]:
            case "Source", "CodeStarSourceConnection":
                connection = given["ConnectionArn"]
                stored = [Call(f"s3:{each}", self._artifact) for each in ("PutObject", "PutObjectAcl")]
                encrypted = [self._with_key(each) for each in ("Decrypt", "Encrypt", "GenerateDataKey")]
                return [Call(f"{connection.split(':')[2]}:UseConnection", connection), *stored, *encrypted]
            case "Build", "CodeBuild":
                server = self.deployed.server
                arn = f"arn:aws:codebuild:{server.region}:{server.account}:project/{given['ProjectName']}"
                calls = [Call(f"codebuild:{each}", arn) for each in ("BatchGetBuilds", "StartBuild", "StopBuild")]
                return [*calls, *self._fetched()]
            case "Approval", "Manual":
                assert "NotificationArn" not in given, "say what telling of an approval asks"
                return []
        raise AssertionError(f"say what {kind} asks of the role")

    def _fetched(self) -> list[Call]:
        reads = [Call(f"s3:{each}", self._artifact) for each in ("GetObject", "GetObjectVersion")]
        return [*reads, self._with_key("Decrypt")]

    def _with_key(self, action: str) -> Call:
        return Call(f"kms:{action}", self.key, {"kms:ViaService": f"s3.{self.deployed.server.region}.amazonaws.com"})

    @property
    def _bucket(self) -> str:
        return f"arn:aws:s3:::{self.pipeline['artifactStore']['location']}"

    @property
    def _artifact(self) -> str:
        return f"{self._bucket}/{self.pipeline['name'][:20]}/Source/0a1b2c3"
