from __future__ import annotations

import json
from functools import cache
from typing import Any

from infra.functions import deploy_approved
from tests.support.stacks import Template, actions, only, properties, resources, statements, template

PROBLEMS = ("breast_cancer", "diabetes", "digits")
PLACE = "eu-central-1:111122223333"
SERVED = {"serving": {"breast_cancer": {}, "digits": {"capture_percent": 100}}}
STACKS = {
    "sageline-breast-cancer": "sageline-dev-serving-breast-cancer",
    "sageline-digits": "sageline-dev-serving-digits",
}
RUNNING = {"WriteLogs", "CreateInterfaces", "ManageInterfaces", "LookAtInterfaces", "KeepDeadLetters"}


@cache
def approvals() -> Template:
    return template("approvals", SERVED, PROBLEMS)


def policy() -> dict[str, Any]:
    return statements(properties(approvals(), "AWS::IAM::ManagedPolicy", "DeployApproved")["PolicyDocument"])


def function() -> Any:
    return only(approvals(), "AWS::Lambda::Function")


def types() -> list[str]:
    found: list[str] = json.loads(function()["Environment"]["Variables"]["RESOURCE_TYPES"])
    return found


def test_the_function_knows_each_groups_stack_and_what_its_template_is_made_of() -> None:
    assert function()["FunctionName"] == "sageline-deploy-approved"
    assert function()["Handler"] == "deploy_approved.handler"
    assert json.loads(function()["Environment"]["Variables"]["SERVING"]) == STACKS
    serving = template("serving", {"serving": {"digits": SERVED["serving"]["digits"]}}, PROBLEMS)
    assert {each["Type"] for each in serving["Resources"].values()} <= set(types())
    assert [each for each in types() if each.startswith("AWS::IAM::")] == []
    assert deploy_approved.PARAMETER in serving["Parameters"]


def test_one_decision_is_followed_at_a_time() -> None:
    assert function()["ReservedConcurrentExecutions"] == 1


def test_it_may_call_exactly_what_it_does() -> None:
    own = [each for sid, each in policy().items() if sid not in RUNNING]
    assert actions({"Statement": own}) == {
        "cloudformation:DescribeStackEvents",
        "cloudformation:DescribeStacks",
        "cloudformation:UpdateStack",
        "kms:Decrypt",  # with GenerateDataKey: what goes to the queue of dead letters is encrypted
        "kms:GenerateDataKey",
        "sagemaker:DescribeModelPackage",
        "sagemaker:ListModelPackages",
        "sagemaker:UpdateModelPackage",
    }


def test_it_rejects_and_records_and_never_approves() -> None:
    statement = policy()["RecordAndReject"]
    assert statement["Resource"] == [f"arn:aws:sagemaker:{PLACE}:model-package/{group}/*" for group in STACKS]
    assert statement["Condition"] == {"StringEqualsIfExists": {"sagemaker:ModelApprovalStatus": "Rejected"}}


def test_it_updates_serving_stacks_alone_with_their_own_role_and_what_they_are_made_of() -> None:
    statement = policy()["UpdateStacks"]
    assert statement["Resource"] == [f"arn:aws:cloudformation:{PLACE}:stack/{stack}/*" for stack in STACKS.values()]
    assert statement["Condition"] == {
        "ForAllValues:StringEquals": {"cloudformation:ResourceTypes": types()},
        "Null": {
            "cloudformation:ResourceTypes": "false",
            "cloudformation:RoleArn": "true",
            "cloudformation:StackPolicyUrl": "true",
            "cloudformation:TemplateUrl": "true",
        },
    }


def test_it_is_told_of_decisions_and_of_the_ends_of_deployments() -> None:
    decisions = properties(approvals(), "AWS::Events::Rule", "Decisions")["EventPattern"]
    assert decisions == {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Model Package State Change"],
        "detail": {"ModelApprovalStatus": ["Approved", "Rejected"], "ModelPackageGroupName": list(STACKS)},
    }
    deployments = properties(approvals(), "AWS::Events::Rule", "Deployments")["EventPattern"]["detail"]
    assert deployments == {
        "stack-id": [{"prefix": f"arn:aws:cloudformation:{PLACE}:stack/{stack}/"} for stack in STACKS.values()],
        "status-details": {"status": list(deploy_approved.AT_REST)},
    }


def test_each_rule_may_invoke_it_and_what_cannot_be_delivered_is_kept() -> None:
    rules = resources(approvals(), "AWS::Events::Rule")
    allowed = {each["Properties"]["SourceArn"]["Fn::GetAtt"][0] for each in permissions().values()}
    assert allowed == set(rules)
    for rule in rules.values():
        (target,) = rule["Properties"]["Targets"]
        assert target["Arn"]["Fn::GetAtt"][0].startswith("DeployApprovedFunction")
        assert target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0].startswith("UndeliveredQueue")
        assert target["RetryPolicy"]["MaximumRetryAttempts"] == 3
    assert function()["DeadLetterConfig"]["TargetArn"]["Fn::GetAtt"][0].startswith("UndeliveredQueue")
    alarm = only(approvals(), "AWS::CloudWatch::Alarm")
    assert "FailuresTopic" in alarm["AlarmActions"][0]["Fn::ImportValue"]
    assert alarm["AlarmDescription"].startswith("A decision in the model registry")


def permissions() -> dict[str, Any]:
    found = resources(approvals(), "AWS::Lambda::Permission")
    assert {each["Properties"]["Principal"] for each in found.values()} == {"events.amazonaws.com"}
    return found


def test_logs_are_kept_as_long_as_other_functions() -> None:
    found = template("approvals", SERVED | {"pipelines.log_days": 30}, PROBLEMS)
    assert only(found, "AWS::Logs::LogGroup")["RetentionInDays"] == 30


def test_there_is_nothing_to_deploy_where_nothing_is_served() -> None:
    from infra.application import new_app  # noqa: PLC0415 - starts Node
    from infra.platform import Platform  # noqa: PLC0415
    from tests.support.stacks import changed  # noqa: PLC0415

    assert Platform(new_app(), changed({"serving": {}}), []).approvals is None
