"""Delivery with CodePipeline, deployed: what a push goes through, what each step runs, and what the roles may do."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from tests.infra.deploy.codepipeline import Delivering
from tests.infra.deploy.deployed import Deployed
from tests.support.authorised import unused
from tests.support.iam import ALLOWED, NOT_ALLOWED, Call, decision
from tests.support.moto.server import ROOT

WORKFLOWS = ROOT / ".github" / "workflows"
PROJECTS = ("Check", "Deploy", "Try")


@pytest.fixture(scope="module")
def delivering(delivered: Deployed) -> Delivering:
    return Delivering(delivered)


def run_by_github(workflow: str, job: str) -> list[str]:
    """Return what a job of a workflow runs, once for each value of its matrix."""
    found = yaml.safe_load((WORKFLOWS / workflow).read_text("utf-8"))["jobs"][job]
    commands = [step["run"] for step in found["steps"] if "run" in step]
    targets = found.get("strategy", {}).get("matrix", {}).get("target", [""])
    return [each.replace("${{ matrix.target }}", target) for target in targets for each in commands]


def test_a_push_is_fetched_checked_and_approved_before_it_is_deployed_and_tried(delivering: Delivering) -> None:
    kinds = {stage: action["actionTypeId"]["provider"] for stage, action in delivering.actions.items()}
    assert list(kinds.items()) == [
        ("Source", "CodeStarSourceConnection"),
        ("Check", "CodeBuild"),
        ("Approve", "Manual"),
        ("Deploy", "CodeBuild"),
        ("Try", "CodeBuild"),
    ]
    assert "Deploy main of team/models?" in delivering.actions["Approve"]["configuration"]["CustomData"]
    assert (delivering.pipeline["pipelineType"], delivering.pipeline["executionMode"]) == ("V2", "SUPERSEDED")


def test_every_project_gets_what_was_fetched(delivering: Delivering) -> None:
    (fetched,) = delivering.actions["Source"]["outputArtifacts"]
    assert [delivering.actions[stage]["inputArtifacts"] for stage in PROJECTS] == [[fetched]] * 3


def test_the_projects_run_what_the_workflows_on_github_run(delivering: Delivering) -> None:
    assert delivering.commands("Check") == run_by_github("deliver.yml", "check")
    # What the targets need is made first there, before there are credentials.
    setup, *commands = run_by_github("environment.yml", "deploy")
    assert setup == "make setup infra"
    assert [*delivering.commands("Deploy"), *delivering.commands("Try")] == commands


@pytest.mark.parametrize("stage", PROJECTS)
def test_a_project_is_private_encrypted_unprivileged_and_logs_with_a_key(delivering: Delivering, stage: str) -> None:
    project = delivering.projects[stage]
    assert project["projectVisibility"] == "PRIVATE"
    assert project["encryptionKey"] == delivering.key
    assert project["environment"]["privilegedMode"] is False
    assert "vpcConfig" not in project  # the environment's subnets reach no package index
    values = {each["name"]: each["value"] for each in project["environment"]["environmentVariables"]}
    assert values == {"CI": "true", "ENVIRONMENT": "dev", "PROBLEM": "breast_cancer"}
    assert (project["source"]["type"], project["artifacts"]["type"]) == ("CODEPIPELINE", "CODEPIPELINE")
    logs = project["logsConfig"]["cloudWatchLogs"]
    groups = delivering.deployed.client("logs").describe_log_groups(logGroupNamePrefix=logs["groupName"])
    (group,) = groups["logGroups"]
    assert (logs["status"], group["retentionInDays"]) == ("ENABLED", 90)
    assert delivering.deployed.one("data", "AWS::KMS::Key", "OperationsKey") in group["kmsKeyId"]


def test_what_was_fetched_lies_in_the_stacks_own_bucket_under_the_stacks_own_key(delivering: Delivering) -> None:
    store, deployed = delivering.pipeline["artifactStore"], delivering.deployed
    assert store["location"] == deployed.one("delivery", "AWS::S3::Bucket")
    assert store["encryptionKey"]["type"] == "KMS"
    assert delivering.key.rpartition("/")[2] == deployed.one("delivery", "AWS::KMS::Key")
    encryption = deployed.client("s3").get_bucket_encryption(Bucket=store["location"])
    (rule,) = encryption["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == delivering.key


def test_each_service_runs_with_a_role_of_its_own_that_it_takes_on_for_this_account(delivering: Delivering) -> None:
    roles = {stage: project["serviceRole"] for stage, project in delivering.projects.items()}
    roles["Pushes"] = delivering.pipeline["roleArn"]
    assert len(set(roles.values())) == len(roles) == 4
    iam = delivering.deployed.client("iam")
    for name, arn in roles.items():
        role = iam.get_role(RoleName=arn.rpartition("/")[2])["Role"]
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        service = "codepipeline" if name == "Pushes" else "codebuild"
        assert trust["Principal"] == {"Service": f"{service}.amazonaws.com"}
        assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": delivering.deployed.server.account}


def test_the_pipelines_role_may_do_exactly_what_its_actions_ask(delivering: Delivering) -> None:
    check(delivering.granted(delivering.pipeline["roleArn"]), delivering.pipelines_calls())


def test_checking_takes_what_codebuild_asks_and_has_no_other_right(delivering: Delivering) -> None:
    check(delivering.granted(delivering.projects["Check"]["serviceRole"]), delivering.builds_calls("Check"))


def test_deploying_takes_on_the_roles_that_the_deployment_named_and_has_no_other_right(delivering: Delivering) -> None:
    calls = [*delivering.builds_calls("Deploy"), *(Call("sts:AssumeRole", role) for role in taken_on(delivering))]
    granted = delivering.granted(delivering.projects["Deploy"]["serviceRole"])
    check(granted, calls)
    named = {resource for each in granted if each["Sid"] == "TakeOnBootstrapRoles" for resource in each["Resource"]}
    assert named == taken_on(delivering)


def test_trying_has_the_rights_that_githubs_role_has_for_it(delivering: Delivering) -> None:
    granted = delivering.granted(delivering.projects["Try"]["serviceRole"])
    github = delivering.deployed.one("delivery", "AWS::IAM::Role", "GitHub")
    tried = [each for each in delivering.granted(f"role/{github}") if each["Sid"] != "TakeOnBootstrapRoles"]
    itself = [each for each in granted if each not in tried]
    assert len(granted) == len(tried) + len(itself)
    check(itself, delivering.builds_calls("Try"))


def test_nobody_of_them_reaches_other_projects_buckets_keys_and_connections(delivering: Delivering) -> None:
    roles = [delivering.pipeline["roleArn"], *(each["serviceRole"] for each in delivering.projects.values())]
    calls = [*delivering.pipelines_calls(), *delivering.builds_calls("Try")]
    assert {each.action.partition(":")[0] for each in calls} == {"codebuild", "codeconnections", "kms", "logs", "s3"}
    for role in roles:
        granted = delivering.granted(role)
        for call in calls:
            other = Call(call.action, elsewhere(call.resource), call.context)
            assert decision(granted, other) == NOT_ALLOWED, (role, other)


def elsewhere(arn: str) -> str:
    """Return the ARN of another thing of the kind."""
    *place, name = arn.split(":", 5)
    return ":".join([*place, f"other-{name}"])


def check(granted: list[Any], calls: list[Call]) -> None:
    """Every call is allowed, and every statement is used whole."""
    assert [call for call in calls if decision(granted, call) != ALLOWED] == []
    for each in granted:
        assert unused([each], [call for call in calls if decision([each], call) == ALLOWED]) == set(), each["Sid"]


def taken_on(delivering: Delivering) -> set[str]:
    """Return the roles that the deployment's assembly names: to deploy stacks, and to publish files."""
    named: set[str] = set()
    for file in delivering.deployed.assembly.rglob("*.json"):
        named |= (
            set(roles_in(json.loads(file.read_text("utf-8")))) if not file.name.endswith("template.json") else set()
        )
    server = delivering.deployed.server
    filled = {role.replace("${AWS::Partition}", "aws") for role in named}
    return {role for role in filled if f"-role-{server.account}-{server.region}" in role}


def roles_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [each for name, each in value.items() if name == "assumeRoleArn"]
        return own + [role for name, each in value.items() if name != "lookupRole" for role in roles_in(each)]
    return [role for each in value for role in roles_in(each)] if isinstance(value, list) else []
