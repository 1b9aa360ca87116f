"""The roles of jobs, as IAM describes them once they are deployed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.deploy.deployed import Deployed

ROLES = ("Compilation", "Endpoint", "Notebook", "Pipeline", "Processing", "Training")


def statements(deployed: Deployed, role: str) -> list[Any]:
    """Return what the policies say that are attached to a role."""
    iam, found = deployed.client("iam"), []
    for each in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        version = iam.get_policy(PolicyArn=each["PolicyArn"])["Policy"]["DefaultVersionId"]
        policy = iam.get_policy_version(PolicyArn=each["PolicyArn"], VersionId=version)["PolicyVersion"]
        found += policy["Document"]["Statement"]
    return found


def test_there_is_one_role_for_each_kind_of_job(deployed: Deployed) -> None:
    found = sorted(name.partition("Role")[0] for name in deployed.physical("identity", "AWS::IAM::Role"))
    assert found == sorted(["AutoML", *ROLES])
    # No bundled problem leaves its model to AutoML.
    assert statements(deployed, deployed.one("identity", "AWS::IAM::Role", "AutoMLRole")) == []


@pytest.mark.parametrize("name", ROLES)
def test_a_role_is_sagemakers_in_this_account_and_may_do_what_its_policies_name(deployed: Deployed, name: str) -> None:
    iam, role = deployed.client("iam"), deployed.one("identity", "AWS::IAM::Role", f"{name}Role")
    (trust,) = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": deployed.server.account}
    assert iam.list_role_policies(RoleName=role)["PolicyNames"] == []
    found = statements(deployed, role)
    assert found
    for each in found:
        actions = each["Action"] if isinstance(each["Action"], list) else [each["Action"]]
        assert not [action for action in actions if action.endswith(":*") or action == "*"]


def test_policies_name_the_buckets_and_keys_that_the_data_stack_made(deployed: Deployed) -> None:
    text = str(statements(deployed, deployed.one("identity", "AWS::IAM::Role", "ProcessingRole")))
    assert f"arn:aws:s3:::{deployed.one('data', 'AWS::S3::Bucket', 'Artifacts')}" in text
    assert deployed.one("data", "AWS::KMS::Key", "Artifacts") in text
