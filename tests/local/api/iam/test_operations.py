from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.client import client
from local.store.names import LAPTOP_ROLE


@pytest.fixture
def iam(tmp_path: Path) -> Any:
    return client("iam", tmp_path)


def code(caught: pytest.ExceptionInfo[ClientError]) -> str:
    return str(caught.value.response["Error"]["Code"])


def test_a_role_is_made_once_and_found_again(iam: Any) -> None:
    made = iam.create_role(RoleName="mine", Path="/service-role/", AssumeRolePolicyDocument='{"Version": "2012-10-17"}')

    assert made["Role"]["Arn"] == "arn:aws:iam::000000000000:role/service-role/mine"
    assert iam.get_role(RoleName="mine")["Role"] == made["Role"]
    with pytest.raises(ClientError) as caught:
        iam.create_role(RoleName="mine", AssumeRolePolicyDocument="{}")
    assert code(caught) == "EntityAlreadyExists"


def test_a_role_goes_once_its_policies_have_gone(iam: Any) -> None:
    iam.create_role(RoleName="mine", AssumeRolePolicyDocument="{}")
    managed = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    iam.attach_role_policy(RoleName="mine", PolicyArn=managed)
    iam.attach_role_policy(RoleName="mine", PolicyArn=managed)
    attached = iam.list_attached_role_policies(RoleName="mine")["AttachedPolicies"]
    assert attached == [{"PolicyName": "AmazonSageMakerFullAccess", "PolicyArn": managed}]

    with pytest.raises(ClientError) as caught:
        iam.delete_role(RoleName="mine")
    assert code(caught) == "DeleteConflict"
    iam.detach_role_policy(RoleName="mine", PolicyArn=managed)
    iam.delete_role(RoleName="mine")

    with pytest.raises(ClientError) as caught:
        iam.get_role(RoleName="mine")
    assert code(caught) == "NoSuchEntity"


def test_the_callers_role_is_there(iam: Any, tmp_path: Path) -> None:
    caller = client("sts", tmp_path).get_caller_identity()["Arn"]

    assert caller.split("/")[1] == LAPTOP_ROLE
    assert iam.get_role(RoleName=LAPTOP_ROLE)["Role"]["Arn"] == f"arn:aws:iam::000000000000:role/{LAPTOP_ROLE}"


def test_everybody_may_do_everything(iam: Any) -> None:
    actions = ["s3:GetObject", "sagemaker:CreateModel"]
    found = iam.simulate_principal_policy(PolicySourceArn="arn:aws:iam::000000000000:role/x", ActionNames=actions)

    assert [(each["EvalActionName"], each["EvalDecision"]) for each in found["EvaluationResults"]] == [
        (action, "allowed") for action in actions
    ]
