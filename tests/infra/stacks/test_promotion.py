from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.stacks import Template, listed, only, properties, resources, statements, template

HERE, OTHER = "111122223333", "444455556666"
TO = {"to": [OTHER]}
SOURCE = {"source": {"environment": "lab", "account": OTHER}}


def stack(name: str, promotion: Any) -> Template:
    return template(name, {"promotion": promotion})


def principals(statement: Any) -> str:
    return json.dumps(statement["Principal"])


def test_nothing_is_made_and_nobody_is_let_in_where_nothing_is_configured() -> None:
    from config import load_environment, load_problem  # noqa: PLC0415
    from infra.application import new_app  # noqa: PLC0415 - starts Node
    from infra.platform import Platform  # noqa: PLC0415

    assert Platform(new_app(), load_environment("dev"), [load_problem("digits")]).promotion is None
    for name in ("data", "pipelines", "network"):
        assert "Promoted" not in json.dumps(template(name))


def test_accounts_that_models_go_to_read_the_files_of_models_and_no_rows() -> None:
    found = stack("data", TO)
    read = statements(properties(found, "AWS::S3::BucketPolicy", "Artifacts")["PolicyDocument"])["ReadPromotedFiles"]
    assert (read["Action"], OTHER in principals(read)) == ("s3:GetObject", True)
    files = [json.dumps(each).rpartition("/")[2] for each in listed(read["Resource"])]
    assert files == ['baseline.json"]]}', 'evaluation.json"]]}', 'model.tar.gz"]]}']
    key = statements(properties(found, "AWS::KMS::Key", "Artifact")["KeyPolicy"])["DecryptPromotedFiles"]
    assert (key["Action"], OTHER in principals(key)) == ("kms:Decrypt", True)
    assert key["Condition"] == {"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}
    for other in ("Raw", "Captured"):
        assert "Promoted" not in json.dumps(properties(found, "AWS::S3::BucketPolicy", other))
    assert "Promoted" not in json.dumps(properties(found, "AWS::KMS::Key", "DataKey"))


def test_they_read_the_versions_of_every_group() -> None:
    policy = only(stack("pipelines", TO), "AWS::SageMaker::ModelPackageGroup")["ModelPackageGroupPolicy"]
    assert {OTHER in principals(each) for each in policy["Statement"]} == {True}


def test_they_are_told_of_approvals_with_a_role_that_does_nothing_else() -> None:
    found = stack("promotion", TO)
    rule = only(found, "AWS::Events::Rule")
    assert rule["EventPattern"] == {
        "account": [HERE],
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Model Package State Change"],
        "detail": {"ModelApprovalStatus": ["Approved"], "ModelPackageGroupName": ["sageline-breast-cancer"]},
    }
    (target,) = rule["Targets"]
    bus = f"arn:aws:events:eu-central-1:{OTHER}:event-bus/sageline-promotions"
    assert target["Arn"] == bus
    (allowed,) = only(found, "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
    assert (allowed["Action"], allowed["Resource"]) == ("events:PutEvents", bus)
    assert resources(found, "AWS::Lambda::Function") == {}


def test_a_bus_takes_the_registrys_events_of_one_account_alone() -> None:
    statement = only(stack("promotion", SOURCE), "AWS::Events::EventBusPolicy")["Statement"]
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{OTHER}:root"}
    assert statement["Action"] == "events:PutEvents"
    assert statement["Condition"]["StringEquals"] == {
        "events:source": "aws.sagemaker",
        "events:detail-type": "SageMaker Model Package State Change",
    }


def test_what_another_account_approves_of_groups_that_are_here_invokes_the_function() -> None:
    found = stack("promotion", SOURCE)
    rule = only(found, "AWS::Events::Rule")
    assert rule["EventPattern"]["account"] == [OTHER]
    assert rule["EventBusName"] == {"Ref": next(iter(resources(found, "AWS::Events::EventBus")))}
    assert only(found, "AWS::Lambda::Function")["ReservedConcurrentExecutions"] == 1


@pytest.mark.parametrize(("approval", "status"), [(True, "PendingManualApproval"), (False, "Approved")])
def test_a_setting_says_whether_somebody_decides_here_once_more(approval: bool, status: str) -> None:
    found = stack("promotion", {"source": {**SOURCE["source"], "approval": approval}})
    assert only(found, "AWS::Lambda::Function")["Environment"]["Variables"]["APPROVAL"] == status


def test_the_function_reads_there_and_writes_copies_here() -> None:
    found = statements(properties(stack("promotion", SOURCE), "AWS::IAM::ManagedPolicy", "Promote")["PolicyDocument"])
    assert found["ReadTheirFiles"]["Resource"] == "arn:aws:s3:::*/sageline-breast-cancer/*"
    assert found["ReadTheirFiles"]["Condition"] == {"StringEquals": {"s3:ResourceAccount": OTHER}}
    decrypt = found["DecryptTheirFiles"]
    assert decrypt["Resource"] == f"arn:aws:kms:eu-central-1:{OTHER}:key/*"
    assert decrypt["Condition"]["ForAnyValue:StringEquals"] == {"kms:ResourceAliases": "alias/sageline/lab/artifacts"}
    assert f"sageline-breast-cancer/promoted/{OTHER}/*" in json.dumps(found["WriteCopies"]["Resource"])
    assert (
        found["Register"]["Resource"] == f"arn:aws:sagemaker:eu-central-1:{HERE}:model-package/sageline-breast-cancer/*"
    )


def test_the_private_network_lets_promoted_files_in_and_nothing_out() -> None:
    (gateway,) = [
        each["Properties"]["PolicyDocument"]
        for each in resources(stack("network", SOURCE), "AWS::EC2::VPCEndpoint").values()
        if each["Properties"]["VpcEndpointType"] == "Gateway"
    ]
    (files,) = [each for each in gateway["Statement"] if OTHER in json.dumps(each)]
    assert files["Action"] == "s3:GetObject"
    assert files["Condition"]["StringEquals"] == {"aws:PrincipalAccount": HERE, "s3:ResourceAccount": OTHER}
