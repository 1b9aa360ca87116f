"""AWS::ApplicationAutoScaling::ScalableTarget."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import tag_map


def put(order: Order, autoscaling: Any) -> Made:
    """Register the target, which changes one that is there; then its schedule."""
    wanted = order.properties
    place = wanted.some("ResourceId", "ScalableDimension", "ServiceNamespace")
    tags = tag_map(wanted.take("Tags"))
    autoscaling.register_scalable_target(
        **place,
        **wanted.some("MaxCapacity", "MinCapacity", "RoleARN", "SuspendedState"),
        **({"Tags": tags} if tags else {}),
    )
    id_ = "|".join((place["ResourceId"], place["ScalableDimension"], place["ServiceNamespace"]))
    order.made = Made(id_, {"Id": id_})
    actions = wanted.take("ScheduledActions", ())
    for each in actions:
        autoscaling.put_scheduled_action(**place, **each)
    kept = {each["ScheduledActionName"] for each in actions}
    for each in order.before.get("ScheduledActions", ()):
        if each["ScheduledActionName"] not in kept:
            autoscaling.delete_scheduled_action(**place, ScheduledActionName=each["ScheduledActionName"])
    return order.made


def delete(order: Order, autoscaling: Any) -> None:
    """Forget the target."""
    names = ("ResourceId", "ScalableDimension", "ServiceNamespace")
    autoscaling.deregister_scalable_target(**{name: order.before[name] for name in names})


RESOURCE = Resource(
    type="AWS::ApplicationAutoScaling::ScalableTarget",
    service="application-autoscaling",
    native=False,
    why="It is skipped.",
    create=put,
    update=put,
    delete=delete,
)
