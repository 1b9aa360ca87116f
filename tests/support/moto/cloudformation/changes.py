"""Change sets: what a template would change, and doing so."""

from __future__ import annotations

import json
import uuid
from typing import Any

from tests.support.moto.cloudformation import parameters
from tests.support.moto.cloudformation.deployment import Deployment
from tests.support.moto.cloudformation.errors import TemplateError, UnsupportedError
from tests.support.moto.cloudformation.planning import plan
from tests.support.moto.cloudformation.services import Services
from tests.support.moto.cloudformation.state import ChangeSet, Stack, Store
from tests.support.moto.cloudformation.template import read

NOTHING = "The submitted information didn't contain changes. Submit different information to create a change set."
_KNOWN = {
    "Capabilities",
    "ChangeSetName",
    "ChangeSetType",
    "ClientToken",
    "DeploymentConfig",
    "Description",
    "ImportExistingResources",
    "IncludeNestedStacks",
    "NotificationARNs",
    "Parameters",
    "RoleARN",
    "StackName",
    "Tags",
    "TemplateBody",
    "TemplateURL",
    "UsePreviousTemplate",
}
_STANDARD = {"Mode": "STANDARD"}
NO_UPDATES = "No updates are to be performed."
_UPDATABLE = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}


def propose(store: Store, stack: Stack, request: dict[str, Any], text: str, services: Services) -> ChangeSet:
    """Return the change set that a request asks for.

    Raises:
        TemplateError: where its template cannot be deployed.
    """
    unknown = sorted(name for name, value in request.items() if name not in _KNOWN and value)
    if request.get("DeploymentConfig", _STANDARD) != _STANDARD:
        unknown.append("DeploymentConfig")
    if unknown:
        raise UnsupportedError(f"The test support does not follow {', '.join(unknown)} of a change set")
    template = read(text)
    given = parameters.given(template.get("Parameters", {}), request.get("Parameters", []), stack.parameters)
    change_set = ChangeSet(
        name=request["ChangeSetName"],
        id=f"arn:aws:cloudformation:{store.region}:{store.account}:changeSet/{request['ChangeSetName']}/{uuid.uuid4()}",
        stack=stack,
        kind=request.get("ChangeSetType", "UPDATE"),
        text=text,
        template=template,
        parameters=given,
        request=request,
        changes=plan(store, stack, template, given, services),
    )
    same_text = json.dumps(template, sort_keys=True) == json.dumps(stack.template, sort_keys=True)
    if not change_set.changes and same_text and request.get("Tags", []) == stack.tags:
        change_set.status, change_set.reason = "FAILED", NOTHING
    return change_set


def described(change_set: ChangeSet) -> dict[str, Any]:
    """Return a change set as DescribeChangeSet shows it."""
    return {
        "ChangeSetName": change_set.name,
        "ChangeSetId": change_set.id,
        "StackId": change_set.stack.id,
        "StackName": change_set.stack.name,
        "CreationTime": change_set.created,
        "ExecutionStatus": "AVAILABLE" if change_set.status == "CREATE_COMPLETE" else "UNAVAILABLE",
        "Status": change_set.status,
        "StatusReason": change_set.reason,
        "Changes": change_set.changes,
        "Parameters": [
            {"ParameterKey": name, "ParameterValue": value} for name, value in change_set.parameters.items()
        ],
        "Capabilities": change_set.request.get("Capabilities", []),
        "Tags": change_set.request.get("Tags", []),
    }


def execute(store: Store, change_set: ChangeSet, services: Services, token: str | None = None) -> None:
    """Do what a change set says; the stack then says how it went, and has lost every change set that it had."""
    stack = change_set.stack
    stack.token = token
    for each in [each for each in store.change_sets.values() if each.stack is stack]:
        del store.change_sets[each.id]
    importing = bool(change_set.request.get("ImportExistingResources"))
    deployment = Deployment(store, stack, change_set.template, change_set.parameters, services, importing=importing)
    stack.role = change_set.request.get("RoleARN", stack.role)
    if deployment.run():
        stack.text, stack.template = change_set.text, change_set.template
        stack.parameters = change_set.parameters
        stack.tags = change_set.request.get("Tags", [])
        stack.capabilities = change_set.request.get("Capabilities", [])


def update(store: Store, stack: Stack, request: dict[str, Any], text: str, services: Services) -> None:
    """Do what a request to update a stack says; the same request, by its token, is done once.

    Raises:
        TemplateError: where nothing would change, or where it is refused before anything is.
    """
    token, listed = request.pop("ClientRequestToken", None), request.pop("ResourceTypes", None)
    if token is not None and token == stack.token:
        return
    if stack.status not in _UPDATABLE:
        raise TemplateError(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
    # What an update does not name, it leaves as it is.
    change_set = propose(store, stack, {"Tags": stack.tags, **request, "ChangeSetName": "update"}, text, services)
    if change_set.status == "FAILED":
        raise TemplateError(NO_UPDATES)
    types = {each["Type"] for each in change_set.template.get("Resources", {}).values()}
    if listed and (unlisted := sorted(types - set(listed))):
        raise TemplateError(f"Resource type {', '.join(unlisted)} is not in the request's ResourceTypes.")
    execute(store, change_set, services, token)
