"""The operations of IAM that the laptop offers: roles with the policies that are in and on them.

Whoever prepares a pipeline often makes its roles first. Here everybody may do everything, so nothing follows from them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from local.api.call import Call, Handler, Response
from local.api.errors import ServiceError
from local.store.names import ACCOUNT, LAPTOP_ROLE, PARTITION, role_arn
from local.store.resources import Resource

_ROLE, _POLICY = "IamRole", "IamPolicy"
_INLINE, _ATTACHED = "inline", "attached"
_SHOWN = ("Description", "MaxSessionDuration", "Tags")


def create_role(call: Call) -> Response:
    """Create a role."""
    params = call.params
    name, path = params["RoleName"], params.get("Path", "/")
    if call.store.resources.get(_ROLE, name) is not None:
        raise ServiceError("EntityAlreadyExists", f"Role with name {name} already exists.", status=409)
    role = {
        "Path": path,
        "RoleName": name,
        "RoleId": _identifier("AROA", name),
        "Arn": role_arn(f"{path.strip('/')}/{name}".lstrip("/")),
        "CreateDate": call.now,
        "AssumeRolePolicyDocument": params["AssumeRolePolicyDocument"],
        **{member: params[member] for member in _SHOWN if member in params},
    }
    call.store.resources.put(_ROLE, name, role["Arn"], {"role": role, _INLINE: {}, _ATTACHED: []}, now=call.now)
    return {"Role": role}


def get_role(call: Call) -> Response:
    """Return a role; the laptop's own is always there."""
    name = call.params["RoleName"]
    if name == LAPTOP_ROLE and call.store.resources.get(_ROLE, name) is None:
        own = {
            "Path": "/",
            "RoleName": name,
            "RoleId": _identifier("AROA", name),
            "Arn": role_arn(name),
            "CreateDate": 0,
        }
        return {"Role": own}
    return {"Role": _role(call).body["role"]}


def delete_role(call: Call) -> Response:
    """Delete a role that has no policies any more."""
    found = _role(call)
    if found.body[_INLINE] or found.body[_ATTACHED]:
        raise ServiceError("DeleteConflict", "Cannot delete entity, must detach all policies first.", status=409)
    call.store.resources.delete(_ROLE, found.name)
    return {}


def attach_role_policy(call: Call) -> Response:
    """Note a managed policy on a role."""
    found, policy = _role(call), call.params["PolicyArn"]
    return _store(call, found, _ATTACHED, [*(each for each in found.body[_ATTACHED] if each != policy), policy])


def detach_role_policy(call: Call) -> Response:
    """Take a managed policy off a role."""
    found, policy = _role(call), call.params["PolicyArn"]
    if policy not in found.body[_ATTACHED]:
        raise _missing(f"Policy {policy} was not found.")
    return _store(call, found, _ATTACHED, [each for each in found.body[_ATTACHED] if each != policy])


def list_attached_role_policies(call: Call) -> Response:
    """Return the managed policies on a role."""
    attached = _role(call).body[_ATTACHED]
    shown = [{"PolicyName": each.rpartition("/")[2], "PolicyArn": each} for each in attached]
    return {"AttachedPolicies": shown, "IsTruncated": False}


def put_role_policy(call: Call) -> Response:
    """Note a policy in a role."""
    found, params = _role(call), call.params
    return _store(call, found, _INLINE, {**found.body[_INLINE], params["PolicyName"]: params["PolicyDocument"]})


def delete_role_policy(call: Call) -> Response:
    """Take a policy out of a role."""
    found, name = _role(call), call.params["PolicyName"]
    if name not in found.body[_INLINE]:
        raise _missing(f"The role policy with name {name} cannot be found.")
    return _store(call, found, _INLINE, {key: value for key, value in found.body[_INLINE].items() if key != name})


def list_role_policies(call: Call) -> Response:
    """Return the names of the policies in a role."""
    return {"PolicyNames": sorted(_role(call).body[_INLINE]), "IsTruncated": False}


def simulate_principal_policy(call: Call) -> Response:
    """Say that every action is allowed, as it is on the laptop."""
    results = [
        {"EvalActionName": action, "EvalResourceName": resource, "EvalDecision": "allowed"}
        for action in call.params["ActionNames"]
        for resource in call.params.get("ResourceArns") or ["*"]
    ]
    return {"EvaluationResults": results, "IsTruncated": False}


def create_policy(call: Call) -> Response:
    """Create a managed policy."""
    name, path = call.params["PolicyName"], call.params.get("Path", "/")
    arn = f"arn:{PARTITION}:iam::{ACCOUNT}:policy{path}{name}"
    if call.store.resources.get(_POLICY, name) is not None:
        message = f"A policy called {name} already exists. Duplicate names are not allowed."
        raise ServiceError("EntityAlreadyExists", message, status=409)
    policy = {
        "PolicyName": name,
        "PolicyId": _identifier("ANPA", name),
        "Arn": arn,
        "Path": path,
        "DefaultVersionId": "v1",
        "CreateDate": call.now,
        "UpdateDate": call.now,
    }
    body = {"policy": policy, "document": call.params["PolicyDocument"]}
    call.store.resources.put(_POLICY, name, arn, body, now=call.now)
    return {"Policy": policy}


def delete_policy(call: Call) -> Response:
    """Delete a managed policy."""
    found = call.store.resources.by_arn(call.params["PolicyArn"])
    if found is None or found.kind != _POLICY:
        raise _missing(f"Policy {call.params['PolicyArn']} does not exist or is not attachable.")
    call.store.resources.delete(_POLICY, found.name)
    return {}


def _role(call: Call) -> Resource:
    found = call.store.resources.get(_ROLE, call.params["RoleName"])
    if found is None:
        raise _missing(f"The role with name {call.params['RoleName']} cannot be found.")
    return found


def _store(call: Call, found: Resource, member: str, value: Any) -> dict[str, Any]:
    body: Mapping[str, Any] = {**found.body, member: value}
    call.store.resources.put(_ROLE, found.name, found.arn, dict(body), now=call.now)
    return {}


def _missing(message: str) -> ServiceError:
    return ServiceError("NoSuchEntity", message, status=404)


def _identifier(prefix: str, name: str) -> str:
    """Return an id of the service's form, the same for the same name."""
    return prefix + hashlib.sha256(name.encode()).hexdigest()[:17].upper()


OPERATIONS: dict[str, Handler] = {
    "AttachRolePolicy": attach_role_policy,
    "CreatePolicy": create_policy,
    "CreateRole": create_role,
    "DeletePolicy": delete_policy,
    "DeleteRole": delete_role,
    "DeleteRolePolicy": delete_role_policy,
    "DetachRolePolicy": detach_role_policy,
    "GetRole": get_role,
    "ListAttachedRolePolicies": list_attached_role_policies,
    "ListRolePolicies": list_role_policies,
    "PutRolePolicy": put_role_policy,
    "SimulatePrincipalPolicy": simulate_principal_policy,
}
