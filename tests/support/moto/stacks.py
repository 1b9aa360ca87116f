"""Stacks made through boto3, for tests of the support itself: a template in, what became of it out."""

from __future__ import annotations

import json
from typing import Any

from tests.support.moto.server import Server


class Stacks:
    """The stacks of a server."""

    def __init__(self, server: Server) -> None:
        self.cloudformation = server.client("cloudformation")

    def bring(self, name: str, template: dict[str, Any], **parameters: str) -> str:
        """Create or update a stack; return its status.

        Raises:
            botocore.exceptions.ClientError: where the template is refused before anything is made.
        """
        change_set = self.cloudformation.create_change_set(
            StackName=name,
            ChangeSetName="change",
            ChangeSetType="UPDATE" if self.is_there(name) else "CREATE",
            TemplateBody=json.dumps(template),
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        )["Id"]
        self.cloudformation.execute_change_set(ChangeSetName=change_set)
        return str(self.stack(name)["StackStatus"])

    def stack(self, name: str) -> Any:
        """Describe a stack."""
        (stack,) = self.cloudformation.describe_stacks(StackName=name)["Stacks"]
        return stack

    def is_there(self, name: str) -> bool:
        """Return whether a stack has been made, well or badly."""
        return name in [each["StackName"] for each in self.cloudformation.describe_stacks()["Stacks"]]

    def outputs(self, name: str) -> dict[str, str]:
        """Return a stack's outputs."""
        return {each["OutputKey"]: each["OutputValue"] for each in self.stack(name).get("Outputs", [])}

    def reasons(self, name: str) -> list[str]:
        """Return why things failed, the latest first."""
        events = self.cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        return [
            f"{each['LogicalResourceId']}: {each['ResourceStatusReason']}"
            for each in events
            if each["ResourceStatus"].endswith("FAILED")
        ]

    def ids(self, name: str) -> dict[str, str]:
        """Return the physical ids of a stack's resources."""
        resources = self.cloudformation.describe_stack_resources(StackName=name)["StackResources"]
        return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources}
