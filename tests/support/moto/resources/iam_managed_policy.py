"""AWS::IAM::ManagedPolicy."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource


def create(order: Order, iam: Any) -> Made:
    """Make the policy, then attach it to the roles that it names itself."""
    wanted = order.properties
    policy = iam.create_policy(
        PolicyName=wanted.take("ManagedPolicyName", order.name),
        PolicyDocument=wanted.document("PolicyDocument"),
        **wanted.some("Description", "Path"),
    )["Policy"]
    order.made = Made(policy["Arn"], {"PolicyArn": policy["Arn"], "PolicyId": policy["PolicyId"]})
    _attach(order, iam)
    return order.made


def update(order: Order, iam: Any) -> Made:
    """Make a version the default, and delete the one before it: five is all that a policy may have."""
    document = order.properties.document("PolicyDocument")
    before = iam.get_policy(PolicyArn=order.id)["Policy"]["DefaultVersionId"]
    iam.create_policy_version(PolicyArn=order.id, PolicyDocument=document, SetAsDefault=True)
    iam.delete_policy_version(PolicyArn=order.id, VersionId=before)
    _attach(order, iam)
    assert order.made is not None
    return order.made


def _attach(order: Order, iam: Any) -> None:
    after, before = set(order.properties.take("Roles", ())), set(order.before.get("Roles", ()))
    for role in sorted(after - before):
        iam.attach_role_policy(RoleName=role, PolicyArn=order.id)
    for role in sorted(before - after):
        iam.detach_role_policy(RoleName=role, PolicyArn=order.id)


def delete(order: Order, iam: Any) -> None:
    """Detach the policy from the roles that it named itself, then delete it."""
    for role in order.before.get("Roles", ()):
        iam.detach_role_policy(RoleName=role, PolicyArn=order.id)
    iam.delete_policy(PolicyArn=order.id)


RESOURCE = Resource(
    type="AWS::IAM::ManagedPolicy",
    service="iam",
    native=True,
    why="It has no update of its own.",
    create=create,
    update=update,
    delete=delete,
    name="ManagedPolicyName",
    name_length=128,
)
