"""The function with the laptop's registry, whose events are AWS's, and a CloudFormation that really updates a stack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from infra.functions import deploy_approved
from local.client import client
from local.store.home import Home
from local.store.store import Store
from tests.support.moto.server import Server

GROUP = "sageline-two"
TYPES = ["AWS::SageMaker::Model", "AWS::SSM::Parameter"]
TEMPLATE = {
    "Parameters": {
        "ModelPackageArn": {"Type": "String", "Default": ""},
        "ShadowModelPackageArn": {"Type": "String", "Default": ""},
    },
    "Conditions": {"Approved": {"Fn::Not": [{"Fn::Equals": [{"Ref": "ModelPackageArn"}, ""]}]}},
    "Resources": {
        "Model": {
            "Type": "AWS::SageMaker::Model",
            "Condition": "Approved",
            "Properties": {
                "Containers": [{"ModelPackageName": {"Ref": "ModelPackageArn"}}],
                "ExecutionRoleArn": "arn:aws:iam::111122223333:role/any",
            },
        },
        # Its name is taken where a test wants the deployment of a version to fail.
        "Number": {
            "Type": "AWS::SSM::Parameter",
            "Condition": "Approved",
            "Properties": {
                "Name": {
                    "Fn::Join": [
                        "/",
                        [
                            "",
                            {"Ref": "AWS::StackName"},
                            {"Fn::Select": ["2", {"Fn::Split": ["/", {"Ref": "ModelPackageArn"}]}]},
                        ],
                    ]
                },
                "Type": "String",
                "Value": "served",
            },
        },
    },
}


@pytest.fixture(scope="module")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server("111122223333", "eu-central-1", tmp_path_factory.mktemp("moto") / "server.log") as server:
        for service in ("cloudformation", "sagemaker", "ssm"):
            server.client(service)  # made while boto3 makes the ordinary ones
        yield server


@dataclass
class Place:
    """A registry, and a serving stack that is told of as EventBridge would tell of it."""

    store: Store
    moto: Server
    stack: str
    minute: int = 0
    told: list[dict[str, Any]] = field(default_factory=list)

    @cached_property
    def registry(self) -> Any:
        return client("sagemaker", self.store.home.root)

    @property
    def cloudformation(self) -> Any:
        return self.moto.client("cloudformation")

    def register(self, count: int) -> None:
        for _ in range(count):
            self.registry.create_model_package(ModelPackageGroupName=GROUP, ModelApprovalStatus="PendingManualApproval")

    def arn(self, version: int) -> str:
        return f"arn:aws:sagemaker:us-east-1:000000000000:model-package/{GROUP}/{version}"

    def package(self, version: int) -> Any:
        return self.registry.describe_model_package(ModelPackageName=self.arn(version))

    def decide(self, version: int, status: str) -> dict[str, Any]:
        """Decide on a version, a minute after what was done before; return the registry's own event."""
        before = self.store.events.latest()
        self.registry.update_model_package(ModelPackageArn=self.arn(version), ModelApprovalStatus=status)
        self.minute += 1
        (event,) = self.store.events.after(before)
        return {**event, "time": self._time()}

    def tell(self, event: dict[str, Any]) -> str:
        """Call the function with an event, and with what its own deployments then tell; return the first answer."""
        answer = deploy_approved.handler(event, None)["Deployment"]
        while ended := self.ended():
            for each in ended:
                self.told.append(each)
                deploy_approved.handler(each, None)
        return answer

    def ended(self) -> list[dict[str, Any]]:
        """The ends of deployments of the stack that have not been told yet."""
        events = self.cloudformation.describe_stack_events(StackName=self.stack)["StackEvents"][::-1]
        ends = [
            each
            for each in events
            if each["ResourceType"] == "AWS::CloudFormation::Stack"
            and each["ResourceStatus"] in ("UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")
        ]
        self.minute += 1
        return [self._stack_event(each) for each in ends[len(self.told) :]]

    def _stack_event(self, event: dict[str, Any]) -> dict[str, Any]:
        return {
            "source": "aws.cloudformation",
            "detail-type": "CloudFormation Stack Status Change",
            "time": self._time(),
            "detail": {
                "stack-id": event["StackId"],
                "status-details": {"status": event["ResourceStatus"], "status-reason": ""},
                "client-request-token": event.get("ClientRequestToken", ""),
            },
        }

    def approve(self, version: int) -> str:
        return self.tell(self.decide(version, "Approved"))

    def reject(self, version: int) -> str:
        return self.tell(self.decide(version, "Rejected"))

    def parameters(self) -> dict[str, str]:
        (stack,) = self.cloudformation.describe_stacks(StackName=self.stack)["Stacks"]
        return {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}

    def served(self) -> str:
        """The package of the model that stands."""
        resources = self.cloudformation.describe_stack_resources(StackName=self.stack)["StackResources"]
        names = [each["PhysicalResourceId"] for each in resources if each["LogicalResourceId"] == "Model"]
        (name,) = [each.rpartition("/")[2] for each in names]
        (container,) = self.moto.client("sagemaker").describe_model(ModelName=name)["Containers"]
        assert container["ModelPackageName"] == self.parameters()["ModelPackageArn"]
        return str(container["ModelPackageName"])

    def deployments(self) -> int:
        return len(self.told)

    def hinder(self, version: int) -> None:
        """Let every deployment of a version fail."""
        self.moto.client("ssm").put_parameter(Name=f"/{self.stack}/{version}", Type="String", Value="taken")

    def _time(self) -> str:
        return f"2026-01-01T{self.minute // 60:02}:{self.minute % 60:02}:00Z"


@pytest.fixture
def place(tmp_path: Path, moto: Server, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Place:
    store = Store(Home(tmp_path / "home"))
    name = request.node.name.replace("_", "-")[:100]
    moto.client("cloudformation").create_change_set(
        StackName=name,
        ChangeSetName="create",
        ChangeSetType="CREATE",
        TemplateBody=json.dumps(TEMPLATE),
        Parameters=[{"ParameterKey": "ShadowModelPackageArn", "ParameterValue": "kept"}],
        Tags=[{"Key": "kept", "Value": "as well"}],
        Capabilities=["CAPABILITY_IAM"],
    )
    moto.client("cloudformation").execute_change_set(StackName=name, ChangeSetName="create")
    monkeypatch.setattr(
        boto3,
        "client",
        lambda service: client(service, store.home.root) if service == "sagemaker" else moto.client(service),
    )
    deploy_approved.aws.cache_clear()
    monkeypatch.setenv("SERVING", json.dumps({GROUP: name}))
    monkeypatch.setenv("RESOURCE_TYPES", json.dumps(TYPES))
    made = Place(store, moto, name)
    made.registry.create_model_package_group(ModelPackageGroupName=GROUP)
    return made


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


def test_rejecting_what_serves_goes_back_to_the_last_good_version(place: Place) -> None:
    place.register(4)
    place.hinder(3)
    for version in (1, 2, 3, 4):
        place.approve(version)
    assert place.reject(4) == place.arn(2)
    assert place.served() == place.arn(2)
    assert place.reject(2) == place.arn(1)
    assert place.served() == place.arn(1)
    # Each went back under a token that a rule can tell from those of approvals.
    assert [each["detail"]["client-request-token"].rsplit("-", 3)[0] for each in place.told] == [
        *["sageline-deploy"] * 4,
        *["sageline-back"] * 2,
    ]


def test_what_was_rejected_is_deployed_again_once_it_is_approved_again(place: Place) -> None:
    place.register(2)
    place.approve(1)
    place.approve(2)
    place.reject(2)
    assert place.approve(2) == place.arn(2)
    assert place.served() == place.arn(2)


def test_rejecting_another_version_changes_nothing(place: Place) -> None:
    place.register(2)
    place.approve(1)
    place.approve(2)
    assert place.reject(1) == "none"
    assert place.served() == place.arn(2)


def test_rejecting_the_only_version_leaves_it_serving_and_says_so(place: Place) -> None:
    place.register(2)
    place.approve(1)
    with pytest.raises(RuntimeError, match="/1 was rejected and still serves: no other approved version"):
        place.reject(1)
    assert place.served() == place.arn(1)
    assert place.approve(2) == place.arn(2)


def test_a_deployment_that_fails_is_taken_back_and_its_version_rejected_with_the_reason(place: Place) -> None:
    place.register(2)
    place.approve(1)
    place.hinder(2)
    event = place.decide(2, "Approved")
    place.tell(event)
    assert place.served() == place.arn(1)
    package = place.package(2)
    assert package["ModelApprovalStatus"] == "Rejected"
    assert package["ApprovalDescription"].startswith("Its deployment failed: Number: ")
    assert package["ApprovalDescription"].endswith("Approve it again to try once more.")
    assert "AlreadyExists" in package["ApprovalDescription"]
    # Neither the approval, told again, nor the next deployment repeats it.
    assert place.tell(event) == "none"
    place.register(1)
    place.approve(3)
    place.reject(3)
    assert place.served() == place.arn(1)


def test_a_failure_that_is_told_again_does_not_reject_what_was_approved_anew(place: Place) -> None:
    place.register(1)
    place.hinder(1)
    place.approve(1)
    (failure,) = place.told
    assert place.package(1)["ModelApprovalStatus"] == "Rejected"
    place.moto.client("ssm").delete_parameter(Name=f"/{place.stack}/1")
    place.approve(1)
    deploy_approved.handler(failure, None)
    assert place.package(1)["ModelApprovalStatus"] == "Approved"
    assert place.served() == place.arn(1)


def test_going_back_that_fails_rejects_nothing_and_is_told(place: Place) -> None:
    place.register(2)
    place.approve(1)
    place.approve(2)
    place.hinder(1)
    with pytest.raises(RuntimeError, match="could not go back to the last good version: Number: "):
        place.reject(2)
    assert place.package(1)["ModelApprovalStatus"] == "Approved"
    assert place.served() == place.arn(2)


def test_a_failed_deployment_of_other_settings_rejects_nothing(place: Place) -> None:
    place.register(1)
    place.approve(1)
    (ended,) = place.told
    detail = {
        **ended["detail"],
        "status-details": {"status": "UPDATE_ROLLBACK_COMPLETE"},
        "client-request-token": "cdk-deploy",
    }
    assert deploy_approved.handler({**ended, "detail": detail}, None) == {"Deployment": "none"}
    assert place.package(1)["ModelApprovalStatus"] == "Approved"


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
    assert place.tell({**place._stack_event({"StackId": f"a/{place.stack}/b", "ResourceStatus": "UPDATE_COMPLETE"})})


def test_a_stack_that_is_not_served_is_nobodys(place: Place) -> None:
    event = place._stack_event({"StackId": "arn/sageline-dev-serving-other/1", "ResourceStatus": "UPDATE_COMPLETE"})
    assert deploy_approved.handler(event, None) == {"Deployment": "none"}
