"""A registry, and a serving stack that is told of as EventBridge would tell of it: deploy_approved between the two.

The registry is the laptop's, whose events are AWS's; CloudFormation is one that really updates a stack.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from infra.functions import deploy_approved
from local.client import client
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
        return [self.stack_event(each) for each in ends[len(self.told) :]]

    def stack_event(self, event: dict[str, Any]) -> dict[str, Any]:
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
