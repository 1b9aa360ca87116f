"""AWS::IAM::Policy, an inline policy of roles; the bootstrap stack has some."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource


def put(order: Order, iam: Any) -> Made:
    """Put the policy into each role, and take it from those that are no longer named."""
    wanted = order.properties
    name = wanted.take("PolicyName")
    roles = wanted.take("Roles", ())
    document = wanted.document("PolicyDocument")
    for role in roles:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)
    for role, old in _placed(order):
        if role not in roles or old != name:
            iam.delete_role_policy(RoleName=role, PolicyName=old)
    return Made(name, {"Id": name})


def delete(order: Order, iam: Any) -> None:
    """Take the policy from its roles."""
    for role, name in _placed(order):
        iam.delete_role_policy(RoleName=role, PolicyName=name)


def _placed(order: Order) -> list[tuple[str, str]]:
    return [(role, order.before["PolicyName"]) for role in order.before.get("Roles", ())]


RESOURCE = Resource(
    type="AWS::IAM::Policy",
    service="iam",
    native=True,
    why="It drops what it does not know without a word.",
    create=put,
    update=put,
    delete=delete,
)
