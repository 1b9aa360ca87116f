"""CloudFormation's API, as far as the CDK's command line and tests call it. The rest is not implemented.

Operations finish before they are answered: whoever polls finds the end at once.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Any, ClassVar

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse, EmptyResult
from tests.support.moto.cloudformation import changes, deletion
from tests.support.moto.cloudformation.errors import TemplateError
from tests.support.moto.cloudformation.services import Services
from tests.support.moto.cloudformation.state import DELETED, ChangeSet, Stack, Store
from tests.support.moto.cloudformation.template import read


class _ValidationError(ServiceException):
    code = "ValidationError"


class _ChangeSetNotFoundError(ServiceException):
    code = "ChangeSetNotFound"


class CloudFormation(BaseResponse):
    """One request to CloudFormation. Methods are its operations, by moto's convention."""

    endpoint: ClassVar[str] = ""
    stores: ClassVar[dict[tuple[str, str], Store]] = {}
    _one_at_a_time: ClassVar[threading.RLock] = threading.RLock()

    def __init__(self) -> None:
        super().__init__(service_name="cloudformation")
        self.automated_parameter_parsing = True

    def call_action(self) -> Any:
        """Answer the request, when the one before it has been."""
        with self._one_at_a_time:
            return super().call_action()

    def create_change_set(self) -> ActionResult:
        """Work out what a template would change."""
        request = self._get_params()
        name = request["StackName"]
        stack = self._store.stack(name)
        if request.get("ChangeSetType", "UPDATE") == "CREATE":
            if stack is not None and stack.status != "REVIEW_IN_PROGRESS":
                raise _ValidationError(f"Stack [{name}] already exists and cannot be created again with the changeSet")
            stack = stack or self._store.add(name, "REVIEW_IN_PROGRESS")
        stack = stack or self._stack(name)
        try:
            change_set = changes.propose(self._store, stack, request, self._text(request), self._services)
        except TemplateError as error:
            raise _ValidationError(str(error)) from error
        self._store.change_sets[change_set.id] = change_set
        return ActionResult({"Id": change_set.id, "StackId": stack.id})

    def describe_change_set(self) -> ActionResult:
        """Describe what a change set would do."""
        return ActionResult(changes.described(self._change_set()))

    def delete_change_set(self) -> EmptyResult:
        """Forget a change set. One that is not there is gone already."""
        with contextlib.suppress(_ChangeSetNotFoundError):
            del self._store.change_sets[self._change_set().id]
        return EmptyResult()

    def execute_change_set(self) -> EmptyResult:
        """Do what a change set says."""
        change_set = self._change_set()
        if change_set.status != "CREATE_COMPLETE":
            raise _ValidationError(f"ChangeSet [{change_set.id}] cannot be executed in its current status")
        changes.execute(self._store, change_set, self._services)
        return EmptyResult()

    def update_stack(self) -> ActionResult:
        """Bring a stack to another template, or to other parameters of the one that it has."""
        request = self._get_params()
        stack = self._stack(request["StackName"])
        try:
            changes.update(self._store, stack, request, self._text(request), self._services)
        except TemplateError as error:
            raise _ValidationError(str(error)) from error
        return ActionResult({"StackId": stack.id})

    def describe_stacks(self) -> ActionResult:
        """Describe one stack, or all that are there."""
        name = self._get_param("StackName")
        stacks = [self._stack(name)] if name else [each for each in self._store.stacks if each.status != DELETED]
        return ActionResult({"Stacks": [_described(each) for each in stacks]})

    def list_stacks(self) -> ActionResult:
        """List stacks, those that are gone as well."""
        wanted = self._get_param("StackStatusFilter") or ()
        stacks = [each for each in self._store.stacks if not wanted or each.status in wanted]
        return ActionResult({"StackSummaries": [_described(each) for each in stacks]})

    def describe_stack_events(self) -> ActionResult:
        """List what happened to a stack, the newest first."""
        return ActionResult({"StackEvents": self._stack(self._get_param("StackName")).events[::-1]})

    def describe_stack_resources(self) -> ActionResult:
        """List a stack's resources."""
        return ActionResult({"StackResources": self._resources()})

    def list_stack_resources(self) -> ActionResult:
        """List a stack's resources."""
        return ActionResult({"StackResourceSummaries": self._resources()})

    def get_template(self) -> ActionResult:
        """Return the template that a stack was last brought to."""
        return ActionResult({"TemplateBody": self._stack(self._get_param("StackName")).text})

    def get_template_summary(self) -> ActionResult:
        """Say what a template holds."""
        request = self._get_params()
        named = request.get("StackName")
        template = self._stack(named).template if named else read(self._text(request))
        types = sorted({each["Type"] for each in template.get("Resources", {}).values()})
        return ActionResult({"Parameters": [], "ResourceTypes": types, "Description": template.get("Description", "")})

    def list_exports(self) -> ActionResult:
        """List what stacks export."""
        exports = [
            {"ExportingStackId": stack.id, "Name": name, "Value": value}
            for stack in self._store.stacks
            if stack.status != DELETED
            for name, value in stack.exports.items()
        ]
        return ActionResult({"Exports": exports})

    def update_termination_protection(self) -> ActionResult:
        """Protect a stack from deletion, or no longer."""
        stack = self._stack(self._get_param("StackName"))
        stack.protected = bool(self._get_param("EnableTerminationProtection"))
        return ActionResult({"StackId": stack.id})

    def delete_stack(self) -> EmptyResult:
        """Delete a stack. One that is not there is gone already."""
        stack = self._store.stack(self._get_param("StackName"))
        if stack is not None and stack.status != DELETED:
            try:
                deletion.delete(self._store, stack, self._services)
            except TemplateError as error:
                raise _ValidationError(str(error)) from error
        return EmptyResult()

    @property
    def _store(self) -> Store:
        place = (self.current_account, self.region)
        return self.stores.setdefault(place, Store(*place))

    @property
    def _services(self) -> Services:
        return Services.of(self.endpoint, self.region)

    def _stack(self, name: str) -> Stack:
        stack = self._store.stack(name)
        if stack is None:
            raise _ValidationError(f"Stack with id {name} does not exist")
        return stack

    def _change_set(self) -> ChangeSet:
        name, stack = self._get_param("ChangeSetName"), self._get_param("StackName")
        for each in self._store.change_sets.values():
            if name == each.id or (name == each.name and stack in {each.stack.name, each.stack.id}):
                return each
        raise _ChangeSetNotFoundError(f"ChangeSet [{name}] does not exist")

    def _resources(self) -> list[dict[str, Any]]:
        stack = self._stack(self._get_param("StackName"))
        return [
            {
                "StackId": stack.id,
                "StackName": stack.name,
                "LogicalResourceId": name,
                "PhysicalResourceId": each.made.id,
                "ResourceType": each.type,
                "ResourceStatus": "CREATE_COMPLETE",
                "Timestamp": each.since,
                "LastUpdatedTimestamp": each.since,
            }
            for name, each in stack.resources.items()
        ]

    def _text(self, request: dict[str, Any]) -> str:
        """Return a request's template: in it, at an address in S3, or the one that the stack has."""
        if "TemplateBody" in request:
            return str(request["TemplateBody"])
        if "TemplateURL" in request:
            return self._services.stored_object(request["TemplateURL"])
        if request.get("UsePreviousTemplate"):
            return self._stack(request["StackName"]).text
        raise _ValidationError("Either Template URL or Template Body must be specified.")


def _described(stack: Stack) -> dict[str, Any]:
    parameters = [{"ParameterKey": name, "ParameterValue": value} for name, value in stack.parameters.items()]
    return {
        "StackId": stack.id,
        "StackName": stack.name,
        "Description": stack.template.get("Description"),
        "Parameters": parameters,
        "CreationTime": stack.created,
        "LastUpdatedTime": stack.updated,
        "StackStatus": stack.status,
        "StackStatusReason": stack.reason,
        "Capabilities": stack.capabilities,
        "Outputs": stack.outputs,
        "RoleARN": stack.role,
        "Tags": stack.tags,
        "EnableTerminationProtection": stack.protected,
        "NotificationARNs": [],
    }
