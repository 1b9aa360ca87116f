from __future__ import annotations

import json
import re
from typing import Any

from infra.functions import deploy_approved
from local.functions.patterns import matches
from tests.support.bundled_pipelines import ACCOUNT, PLACE, bundled, function, name_of
from tests.support.stacks import only, properties, resources, statements, template
from tests.support.transformed import sentence

PACKAGE = f"arn:aws:sagemaker:{PLACE}:model-package/sageline-breast-cancer/7"


def test_executions_that_fail_are_told_in_one_sentence() -> None:
    rule = properties(bundled(), "AWS::Events::Rule", "FailuresExecutionFailed")
    assert rule["EventPattern"] == {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Model Building Pipeline Execution Status Change"],
        "detail": {
            "currentPipelineExecutionStatus": ["Failed"],
            "pipelineArn": [{"prefix": f"arn:aws:sagemaker:{PLACE}:pipeline/sageline-"}],
        },
    }
    (target,) = rule["Targets"]
    assert target["Arn"]["Ref"].startswith("FailuresTopic")
    assert json.loads(target["InputTransformer"]["InputTemplate"]).startswith("sageline dev: the execution <execution>")
    assert set(target["InputTransformer"]["InputPathsMap"]) == {"execution", "time"}
    trust = properties(bundled(), "AWS::IAM::Role", "FailuresPublisher")["AssumeRolePolicyDocument"]["Statement"][0]
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:events:{PLACE}:rule/*"},
    }


def test_deployments_that_fail_and_endpoints_that_go_back_are_told() -> None:
    stacks = [{"prefix": f"arn:aws:cloudformation:{PLACE}:stack/sageline-dev-serving-"}]
    failed = properties(bundled(), "AWS::Events::Rule", "FailuresDeploymentFailed")
    assert failed["EventPattern"]["detail"] == {
        "stack-id": stacks,
        "status-details": {"status": ["UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED"]},
    }
    back = properties(bundled(), "AWS::Events::Rule", "FailuresWentBack")
    assert back["EventPattern"]["detail"] == {
        "client-request-token": [{"prefix": f"{deploy_approved.BACK}-"}],
        "stack-id": stacks,
        "status-details": {"status": ["UPDATE_COMPLETE"]},
    }
    for rule in (failed, back):
        assert rule["EventPattern"]["detail-type"] == ["CloudFormation Stack Status Change"]
        (target,) = rule["Targets"]
        told = target["InputTransformer"]
        assert json.loads(told["InputTemplate"]).startswith("sageline dev: ")
        assert set(re.findall("<([a-z]+)>", told["InputTemplate"])) == set(told["InputPathsMap"])
    quiet = {"serving": {}, "pipelines.tell_of_waiting_versions": False}
    unserved = resources(template("pipelines", quiet), "AWS::Events::Rule")
    assert [name[:23] for name in unserved] == ["FailuresExecutionFailed"]


def test_versions_that_wait_for_approval_are_told_with_the_command_that_approves_them() -> None:
    rule = properties(bundled(), "AWS::Events::Rule", "FailuresVersionWaits")
    told, event = rule["Targets"][0]["InputTransformer"], registered("PendingManualApproval")
    assert matches(rule["EventPattern"], event)
    assert sentence(told["InputTemplate"], told["InputPathsMap"], event) == (
        "sageline dev: version 7 of sageline-breast-cancer in account 111122223333, region eu-central-1, waits for "
        f"approval since 2026-01-01T00:00:00Z. Approve it by `sageline approve {PACKAGE} --env dev`, or reject it by "
        f"`sageline reject {PACKAGE} --env dev`."
    )
    for status in ("Approved", "Rejected"):
        assert not matches(rule["EventPattern"], registered(status))
    assert not matches(rule["EventPattern"], registered("PendingManualApproval", "another-team"))


def registered(status: str, group: str = "sageline-breast-cancer") -> dict[str, Any]:
    return {
        "source": "aws.sagemaker",
        "detail-type": "SageMaker Model Package State Change",
        "account": ACCOUNT,
        "region": "eu-central-1",
        "time": "2026-01-01T00:00:00Z",
        "detail": {
            "ModelApprovalStatus": status,
            "ModelPackageArn": PACKAGE,
            "ModelPackageGroupName": group,
            "ModelPackageVersion": 7,
        },
    }


def test_the_topic_is_encrypted_and_admits_this_accounts_alarms_over_tls() -> None:
    assert "OperationsKey" in name_of(only(bundled(), "AWS::SNS::Topic")["KmsMasterKeyId"])
    found = statements(only(bundled(), "AWS::SNS::TopicPolicy")["PolicyDocument"])
    assert found["AlarmsOfThisAccount"]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:{PLACE}:alarm:*"},
    }
    assert found["AllowPublishThroughSSLOnly"]["Effect"] == "Deny"
    assert {each["Effect"] for each in found.values()} == {"Allow", "Deny"}
    assert len(found) == 2


def test_what_cannot_be_delivered_is_kept_and_told() -> None:
    queue = only(bundled(), "AWS::SQS::Queue")
    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert "OperationsKey" in name_of(queue["KmsMasterKeyId"])
    rules = statements(only(bundled(), "AWS::SQS::QueuePolicy")["PolicyDocument"])["RulesOfThisStack"]
    admitted = {each["Fn::GetAtt"][0] for each in rules["Condition"]["ArnEquals"]["aws:SourceArn"]}
    assert admitted == set(resources(bundled(), "AWS::Events::Rule"))
    for rule in resources(bundled(), "AWS::Events::Rule").values():
        (target,) = rule["Properties"]["Targets"]
        assert target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0].startswith("UndeliveredQueue")
    dead_letters = function("StartPipeline")["DeadLetterConfig"]["TargetArn"]
    assert dead_letters["Fn::GetAtt"][0].startswith("UndeliveredQueue")
    alarm = only(bundled(), "AWS::CloudWatch::Alarm")
    assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
    assert alarm["AlarmActions"][0]["Ref"].startswith("FailuresTopic")
