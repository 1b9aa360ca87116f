"""Every resource type is made, changed and deleted; and moto is watched for types that it learns."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import pytest
from moto.core.common_models import CloudFormationModel

from tests.support.moto.cloudformation.catalog import catalog
from tests.support.moto.every_type import EMPTY_ZIP, template
from tests.support.moto.server import Server
from tests.support.moto.stacks import Stacks

MODULES = {"application-autoscaling": "applicationautoscaling", "lambda": "awslambda"}


@pytest.fixture(scope="module")
def code(moto: Server) -> str:
    s3 = moto.client("s3")
    s3.create_bucket(Bucket="code", CreateBucketConfiguration={"LocationConstraint": moto.region})
    s3.put_object(Bucket="code", Key="code.zip", Body=EMPTY_ZIP)
    return "code"


@pytest.fixture(scope="module")
def stacks(moto: Server) -> Stacks:
    return Stacks(moto)


@pytest.fixture
def made(stacks: Stacks, code: str) -> Iterator[dict[str, str]]:
    """A stack with a resource of every type: its physical ids."""
    status = stacks.bring("every", template(code))
    assert status == "CREATE_COMPLETE", stacks.reasons("every")
    yield stacks.ids("every")
    if stacks.is_there("every"):
        stacks.cloudformation.delete_stack(StackName="every")


def test_a_resource_of_every_type_is_made_changed_and_deleted(
    stacks: Stacks, code: str, made: dict[str, str], moto: Server
) -> None:
    stack = stacks.stack("every")["StackId"]
    status = stacks.bring("every", template(code, changed=True))
    assert status == "UPDATE_COMPLETE", stacks.reasons("every")
    after = stacks.ids("every")
    assert {name for name, id_ in after.items() if made[name] != id_} == {"Configuration", "Into", "OutOf"}

    stacks.cloudformation.delete_stack(StackName="every")
    assert stacks.reasons(stack) == []
    assert stacks.stack(stack)["StackStatus"] == "DELETE_COMPLETE"
    assert moto.client("sagemaker").list_models()["Models"] == []
    assert moto.client("ec2").describe_flow_logs()["FlowLogs"] == []


def test_every_type_is_tried_here() -> None:
    assert {each["Type"] for each in template("code")["Resources"].values()} == set(catalog())


def test_moto_makes_itself_what_it_did_when_the_modules_were_written() -> None:
    for service in {each.service for each in catalog().values()}:
        importlib.import_module(f"moto.{MODULES.get(service, service)}.models")
    importlib.import_module("moto.ec2.models.security_groups")
    known = {each.cloudformation_type() for each in CloudFormationModel.__subclasses__()}
    found = {name: name in known for name in catalog()}
    assert found == {name: each.native for name, each in catalog().items()}, "look at their modules again"
