"""The function with the laptop's registry, whose events are AWS's, and a CloudFormation that really updates a stack."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from infra.functions import deploy_approved
from tests.support.approvals import TEMPLATE, Place


def test_an_approved_version_is_deployed_and_everything_else_of_the_stack_stays(place: Place) -> None:
    place.register(2)
    assert place.approve(2) == place.arn(2)
    assert place.served() == place.arn(2)
    assert place.parameters()["ShadowModelPackageArn"] == "kept"
    (stack,) = place.cloudformation.describe_stacks(StackName=place.stack)["Stacks"]
    assert stack["Tags"] == [{"Key": "kept", "Value": "as well"}]
    assert stack["Capabilities"] == ["CAPABILITY_IAM"]
    assert place.cloudformation.get_template(StackName=place.stack)["TemplateBody"] == TEMPLATE
    metadata = place.package(2)["CustomerMetadataProperties"]
    assert metadata == {"sageline:approved": "2026-01-01T00:01:00Z", "sageline:served": "2026-01-01T00:02:00Z"}


def test_an_event_that_comes_twice_deploys_once(place: Place) -> None:
    place.register(1)
    event = place.decide(1, "Approved")
    place.tell(event)
    assert place.tell(event) == "none"
    (ended,) = place.told
    assert deploy_approved.handler(ended, None) == {"Deployment": "none"}
    assert place.deployments() == 1


def test_a_request_that_is_sent_twice_is_one_update(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.register(1)
    before = deploy_approved.stack_of(place.stack)
    place.approve(1)
    deploy_approved.update(before, deploy_approved.look_up(place.arn(1)), deploy_approved.FORWARD)
    assert place.ended() == []


def test_an_approval_that_arrives_late_does_not_displace_a_later_one(place: Place) -> None:
    place.register(2)
    first, second = place.decide(2, "Approved"), place.decide(1, "Approved")
    place.tell(second)
    assert place.tell(first) == "none"
    assert place.served() == place.arn(1)
    place.register(1)
    place.approve(3)
    place.tell(second)
    assert place.served() == place.arn(3)


def test_changes_of_metadata_deploy_nothing(place: Place) -> None:
    place.register(2)
    place.approve(1)
    place.approve(2)
    place.registry.update_model_package(ModelPackageArn=place.arn(1), CustomerMetadataProperties={"note": "old"})
    everything = place.store.events.after()
    for event in everything:
        place.tell({**event, "time": "2026-01-02T00:00:00Z"} if event is everything[-1] else event)
    assert place.served() == place.arn(2)


def test_what_a_person_deployed_by_hand_counts_as_approved_then(place: Place) -> None:
    place.register(3)
    place.approve(1)
    place.registry.update_model_package(ModelPackageArn=place.arn(3), ModelApprovalStatus="Approved")
    place.cloudformation.update_stack(
        StackName=place.stack,
        UsePreviousTemplate=True,
        Parameters=[{"ParameterKey": "ModelPackageArn", "ParameterValue": place.arn(3)}],
    )
    (by_hand,) = place.ended()
    place.tell(by_hand)
    assert place.served() == place.arn(3)
    assert place.reject(3) == place.arn(1)


def test_what_a_person_takes_away_by_hand_stays_away_until_a_version_is_approved(place: Place) -> None:
    place.register(3)
    place.approve(1)
    place.approve(2)
    place.cloudformation.update_stack(
        StackName=place.stack,
        UsePreviousTemplate=True,
        Parameters=[{"ParameterKey": "ModelPackageArn", "ParameterValue": ""}],
    )
    (by_hand,) = place.ended()
    assert place.tell(by_hand) == "none"
    assert place.parameters()["ModelPackageArn"] == ""
    assert place.approve(3) == place.arn(3)


def test_a_version_that_was_deleted_while_it_served_is_followed_by_the_next(place: Place) -> None:
    place.register(2)
    place.approve(1)
    place.registry.delete_model_package(ModelPackageName=place.arn(1))
    assert place.approve(2) == place.arn(2)


def described(place: Place, status: str) -> Any:
    (stack,) = place.cloudformation.describe_stacks(StackName=place.stack)["Stacks"]
    return {name: stack[name] for name in ("StackName", "CreationTime", "Parameters")} | {"StackStatus": status}


@pytest.mark.parametrize(("status", "raises"), [("UPDATE_IN_PROGRESS", False), ("UPDATE_ROLLBACK_FAILED", True)])
def test_a_stack_that_is_busy_is_waited_for_and_one_that_is_broken_is_told(
    place: Place, monkeypatch: pytest.MonkeyPatch, status: str, raises: bool
) -> None:
    place.register(1)
    event = place.decide(1, "Approved")
    cloudformation = boto3.session.Session().client(
        "cloudformation",
        "eu-central-1",
        aws_access_key_id="no",
        aws_secret_access_key="no",  # noqa: S106 - nothing is sent
    )
    stubber = Stubber(cloudformation)
    stubber.add_response("describe_stacks", {"Stacks": [described(place, status)]}, {"StackName": place.stack})
    with stubber, monkeypatch.context() as patch:
        patch.setattr(
            deploy_approved, "aws", lambda service: place.registry if service == "sagemaker" else cloudformation
        )
        if raises:
            with pytest.raises(RuntimeError, match="is UPDATE_ROLLBACK_FAILED and takes no update"):
                deploy_approved.handler(event, None)
        else:
            assert deploy_approved.handler(event, None) == {"Deployment": "none"}
    # The end of what kept it busy starts the deployment that had to wait.
    assert place.tell({**place.stack_event({"StackId": f"a/{place.stack}/b", "ResourceStatus": "UPDATE_COMPLETE"})})


def test_a_stack_that_is_not_served_is_nobodys(place: Place) -> None:
    event = place.stack_event({"StackId": "arn/sageline-dev-serving-other/1", "ResourceStatus": "UPDATE_COMPLETE"})
    assert deploy_approved.handler(event, None) == {"Deployment": "none"}
