from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.stacks import Template, actions, only, properties, resources, statements, template

ROOT = Path(__file__).parents[3]
GITHUB = {"repository": "team/models"}
CONNECTION = "arn:aws:codeconnections:eu-central-1:111122223333:connection/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f"
CODEPIPELINE = {"connection_arn": CONNECTION, "repository": "team/models"}
ISSUER = "token.actions.githubusercontent.com"
STEPS = ("Check", "Deploy", "Try")


def github(**settings: Any) -> Template:
    return template("delivery", {"delivery": {"github": {**GITHUB, **settings}}})


def codepipeline(**settings: Any) -> Template:
    return template("delivery", {"delivery": {"codepipeline": {**CODEPIPELINE, **settings}}})


def policy(found: Template, start: str) -> Any:
    return properties(found, "AWS::IAM::ManagedPolicy", start)["PolicyDocument"]


def stages(found: Template) -> dict[str, Any]:
    """Return the one action of each stage by the stage's name."""
    return {each["Name"]: each["Actions"][0] for each in only(found, "AWS::CodePipeline::Pipeline")["Stages"]}


def build_spec(step: str, found: Template | None = None) -> Any:
    project = properties(found or codepipeline(), "AWS::CodeBuild::Project", step)
    return json.loads(project["Source"]["BuildSpec"])


def types(found: Template) -> set[str]:
    return {each["Type"] for each in found["Resources"].values()}


def test_nothing_is_made_unless_somebody_is_configured_to_deploy() -> None:
    from config import load_environment, load_problem  # noqa: PLC0415
    from infra.application import new_app  # noqa: PLC0415 - starts Node
    from infra.platform import Platform  # noqa: PLC0415

    assert Platform(new_app(), load_environment("dev"), [load_problem("digits")]).delivery is None


def test_github_is_trusted_for_one_deployment_environment_of_one_repository() -> None:
    (statement,) = only(github(), "AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]
    (provider,) = resources(github(), "AWS::IAM::OIDCProvider")
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert statement["Principal"] == {"Federated": {"Fn::GetAtt": [provider, "Arn"]}}
    assert statement["Condition"] == {
        "StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": "repo:team/models:environment:dev"}
    }


def test_settings_say_whom_of_github_the_role_trusts_and_for_how_long() -> None:
    other = github(repository="team@12/models@345", environment="development", session_hours=3)
    role = only(other, "AWS::IAM::Role")
    trusted = role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]["StringEquals"]
    assert trusted[f"{ISSUER}:sub"] == "repo:team@12/models@345:environment:development"
    assert (only(github(), "AWS::IAM::Role")["MaxSessionDuration"], role["MaxSessionDuration"]) == (3600, 10800)


def test_the_provider_is_made_without_a_custom_resource_or_taken_where_the_account_has_it() -> None:
    assert only(github(), "AWS::IAM::OIDCProvider") == {
        "ClientIdList": ["sts.amazonaws.com"],
        "Tags": [{"Key": "sageline:environment", "Value": "dev"}],
        "Url": f"https://{ISSUER}",
    }
    arn = f"arn:aws:iam::111122223333:oidc-provider/{ISSUER}"
    taken = github(provider_arn=arn)
    assert types(taken) == {"AWS::IAM::Role", "AWS::IAM::ManagedPolicy"}
    (statement,) = only(taken, "AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Federated": arn}


TRYING = {
    "cloudformation:DescribeStacks",
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:PutObject",
    "sagemaker:DescribeModelPackage",
    "sagemaker:DescribePipeline",
    "sagemaker:DescribePipelineDefinitionForExecution",
    "sagemaker:DescribePipelineExecution",
    "sagemaker:DescribeProcessingJob",
    "sagemaker:DescribeTrainingJob",
    "sagemaker:InvokeEndpoint",
    "sagemaker:ListEndpoints",
    "sagemaker:ListPipelineExecutionSteps",
    "sagemaker:ListPipelineParametersForExecution",
    "sagemaker:StartPipelineExecution",
    "sagemaker:StopPipelineExecution",
}


def test_githubs_role_deploys_through_the_bootstrap_roles_and_tries_pipelines_and_nothing_else() -> None:
    assert actions(policy(github(), "GitHubDeploy")) == {"sts:AssumeRole"}
    assert actions(policy(github(), "GitHubTry")) == TRYING


def test_problems_that_search_or_go_on_from_a_model_take_a_look_at_those(tmp_path: Path) -> None:
    bundled = (ROOT / "config" / "problems" / "breast_cancer.yaml").read_text(encoding="utf-8")
    tuned, continued = tmp_path / "tuned.yaml", tmp_path / "continued.yaml"
    tuned.write_text(f"{bundled}\ntuning:\n  max_jobs: 4\n", encoding="utf-8")
    continued.write_text(f"{bundled}\ntraining:\n  continue_from: digits/3\n", encoding="utf-8")
    found = template("delivery", {"delivery": {"github": GITHUB}}, (str(tuned), str(continued)))
    assert actions(policy(found, "GitHubTry")) - TRYING == {
        "sagemaker:DescribeHyperParameterTuningJob",
        "sagemaker:ListModelPackages",
        "sagemaker:ListTrainingJobsForHyperParameterTuningJob",
    }
    read = statements(policy(found, "GitHubTry"))["ReadVersions"]["Resource"]
    assert read == [
        f"arn:aws:sagemaker:eu-central-1:111122223333:model-package/sageline-{group}/*"
        for group in ("continued", "digits", "tuned")
    ]


def test_the_bootstrap_roles_are_those_of_this_account_and_region() -> None:
    (statement,) = policy(github(), "GitHubDeploy")["Statement"]
    assert statement["Resource"] == [
        f"arn:aws:iam::111122223333:role/cdk-hnb659fds-{use}-role-111122223333-eu-central-1"
        for use in ("deploy", "file-publishing")
    ]


def test_only_candidates_endpoints_of_the_environments_problems_are_asked() -> None:
    asked = statements(policy(github(), "GitHubTry"))["AskCandidates"]
    assert asked["Resource"] == "arn:aws:sagemaker:eu-central-1:111122223333:endpoint/sageline-breast-cancer"


def test_a_push_is_fetched_checked_approved_deployed_and_tried() -> None:
    assert list(stages(codepipeline())) == ["Source", "Check", "Approve", "Deploy", "Try"]


def test_a_setting_leaves_the_approval_out() -> None:
    assert list(stages(codepipeline(approval=False))) == ["Source", "Check", "Deploy", "Try"]


def test_settings_say_what_is_fetched() -> None:
    fetched = stages(codepipeline(repository="other/models", branch="release"))["Source"]["Configuration"]
    assert fetched == {
        "BranchName": "release",
        "ConnectionArn": CONNECTION,
        "DetectChanges": "true",
        "FullRepositoryId": "other/models",
        "OutputArtifactFormat": "CODE_ZIP",
    }
    assert stages(codepipeline())["Source"]["Configuration"]["BranchName"] == "main"


@pytest.mark.parametrize("service", ["codeconnections", "codestar-connections"])
def test_the_pipeline_may_use_its_connection_alone_under_the_name_that_it_has(service: str) -> None:
    connection = CONNECTION.replace("codeconnections", service)
    fetch = statements(policy(codepipeline(connection_arn=connection), "PushesRuns"))["Fetch"]
    assert (fetch["Action"], fetch["Resource"]) == (f"{service}:UseConnection", connection)


def test_the_steps_are_make_targets_that_run_on_a_laptop() -> None:
    commands = {step: build_spec(step)["phases"]["build"]["commands"] for step in STEPS}
    assert commands == {"Check": ["make test", "make synth"], "Deploy": ["make deploy"], "Try": ["make try"]}


def test_each_step_has_the_rights_that_it_needs_and_checking_has_none() -> None:
    own = {"FetchSources", "DecryptSources", "WriteLogs"}
    sids = {step: set(statements(policy(codepipeline(), step))) - own for step in STEPS}
    assert sids == {
        "Check": set(),
        "Deploy": {"TakeOnBootstrapRoles"},
        "Try": set(statements(policy(github(), "GitHubTry"))),
    }


@pytest.mark.parametrize("step", STEPS)
def test_a_project_is_private_encrypted_and_has_no_privileges(step: str) -> None:
    project = properties(codepipeline(), "AWS::CodeBuild::Project", step)
    assert project["Environment"]["PrivilegedMode"] is False
    assert project["Visibility"] == "PRIVATE"
    assert project["EncryptionKey"]["Fn::GetAtt"][0].startswith("Key")
    assert {each["Type"] for each in project["Environment"]["EnvironmentVariables"]} == {"PLAINTEXT"}


def test_settings_say_what_is_tried_and_how_long_a_step_may_take() -> None:
    other = properties(codepipeline(problem="digits", timeout_minutes=45), "AWS::CodeBuild::Project", "Try")
    variables = {each["Name"]: each["Value"] for each in other["Environment"]["EnvironmentVariables"]}
    assert variables == {"CI": "true", "ENVIRONMENT": "dev", "PROBLEM": "digits"}
    assert other["TimeoutInMinutes"] == 45


def test_logs_are_encrypted_and_kept_as_long_as_a_setting_says() -> None:
    for days, kept in ((90, 90), (91, 120)):
        groups = resources(codepipeline(log_days=days), "AWS::Logs::LogGroup").values()
        assert [each["Properties"]["RetentionInDays"] for each in groups] == [kept] * len(STEPS)
        assert all("KmsKeyId" in each["Properties"] for each in groups)


def test_sources_are_kept_in_a_private_bucket_with_a_key_of_their_own_for_some_days() -> None:
    found = codepipeline(artifact_days=3)
    bucket = only(found, "AWS::S3::Bucket")
    assert bucket["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] == 3
    store = only(found, "AWS::CodePipeline::Pipeline")["ArtifactStore"]
    (key,) = resources(found, "AWS::KMS::Key")
    assert store["EncryptionKey"] == {"Id": {"Fn::GetAtt": [key, "Arn"]}, "Type": "KMS"}
    rule = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]["ServerSideEncryptionByDefault"]
    assert rule["KMSMasterKeyID"] == store["EncryptionKey"]["Id"]


@pytest.mark.parametrize("service", ["codebuild", "codepipeline"])
def test_a_service_takes_its_role_on_for_this_account_alone(service: str) -> None:
    found = [each["Properties"] for each in resources(codepipeline(), "AWS::IAM::Role").values()]
    trusts = [each["AssumeRolePolicyDocument"]["Statement"][0] for each in found]
    mine = [each for each in trusts if each["Principal"] == {"Service": f"{service}.amazonaws.com"}]
    assert len(mine) == {"codebuild": 3, "codepipeline": 1}[service]
    for each in mine:
        assert each["Condition"]["StringEquals"] == {"aws:SourceAccount": "111122223333"}
        assert "ArnLike" in each["Condition"]


def test_a_newer_push_overtakes_one_that_waits() -> None:
    pipeline = only(codepipeline(), "AWS::CodePipeline::Pipeline")
    assert (pipeline["PipelineType"], pipeline["ExecutionMode"]) == ("V2", "SUPERSEDED")


def test_what_holds_data_keeps_its_logical_id() -> None:
    kept = {
        name: each["Type"]
        for name, each in codepipeline()["Resources"].items()
        if each.get("DeletionPolicy") == "Retain"
    }
    assert kept == {
        "CheckLogsAAAFC745": "AWS::Logs::LogGroup",
        "DeployLogs6AB4AD5F": "AWS::Logs::LogGroup",
        "Key9BCD29C7": "AWS::KMS::Key",
        "SourcesBucket58FD4578": "AWS::S3::Bucket",
        "TryLogs236F0DC3": "AWS::Logs::LogGroup",
    }
