"""AWS::IAM::Role."""

from __future__ import annotations

import json
from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import changed_tags, tag_list


def create(order: Order, iam: Any) -> Made:
    """Make the role, then its policies."""
    wanted = order.properties
    role = iam.create_role(
        RoleName=wanted.take("RoleName", order.name),
        AssumeRolePolicyDocument=wanted.document("AssumeRolePolicyDocument"),
        Tags=tag_list(wanted.take("Tags")),
        **wanted.some("Description", "MaxSessionDuration", "Path", "PermissionsBoundary"),
    )["Role"]
    order.made = Made(role["RoleName"], {"Arn": role["Arn"], "RoleId": role["RoleId"]})
    _settle_policies(order, iam)
    return order.made


def update(order: Order, iam: Any) -> Made:
    """Change trust, description, duration, boundary, tags and policies."""
    wanted = order.properties
    trust = wanted.document("AssumeRolePolicyDocument")
    iam.update_assume_role_policy(RoleName=order.id, PolicyDocument=trust)
    iam.update_role(
        RoleName=order.id,
        Description=wanted.take("Description", ""),
        MaxSessionDuration=wanted.take("MaxSessionDuration", 3600),
    )
    if "PermissionsBoundary" in wanted:
        iam.put_role_permissions_boundary(RoleName=order.id, **wanted.some("PermissionsBoundary"))
    elif "PermissionsBoundary" in order.before:
        iam.delete_role_permissions_boundary(RoleName=order.id)
    tags, removed = changed_tags(order)
    if tags:
        iam.tag_role(RoleName=order.id, Tags=tags)
    if removed:
        iam.untag_role(RoleName=order.id, TagKeys=removed)
    _settle_policies(order, iam)
    assert order.made is not None
    return order.made


def _settle_policies(order: Order, iam: Any) -> None:
    after, before = set(order.properties.take("ManagedPolicyArns", ())), set(order.before.get("ManagedPolicyArns", ()))
    for arn in sorted(after - before):
        iam.attach_role_policy(RoleName=order.id, PolicyArn=arn)
    for arn in sorted(before - after):
        iam.detach_role_policy(RoleName=order.id, PolicyArn=arn)
    inline = {each["PolicyName"]: each["PolicyDocument"] for each in order.properties.take("Policies", ())}
    for name, document in inline.items():
        iam.put_role_policy(RoleName=order.id, PolicyName=name, PolicyDocument=json.dumps(document))
    for each in order.before.get("Policies", ()):
        if each["PolicyName"] not in inline:
            iam.delete_role_policy(RoleName=order.id, PolicyName=each["PolicyName"])


def delete(order: Order, iam: Any) -> None:
    """Take the role's policies away, then delete it."""
    for page in iam.get_paginator("list_attached_role_policies").paginate(RoleName=order.id):
        for each in page["AttachedPolicies"]:
            iam.detach_role_policy(RoleName=order.id, PolicyArn=each["PolicyArn"])
    for each in order.before.get("Policies", ()):
        iam.delete_role_policy(RoleName=order.id, PolicyName=each["PolicyName"])
    iam.delete_role(RoleName=order.id)


RESOURCE = Resource(
    type="AWS::IAM::Role",
    service="iam",
    native=True,
    why="Its update does not read the managed policies.",
    create=create,
    update=update,
    delete=delete,
    name="RoleName",
    name_length=64,
)
