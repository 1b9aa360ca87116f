"""AWS::ApplicationAutoScaling::ScalingPolicy."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource

_PLACE = ("ResourceId", "ScalableDimension", "ServiceNamespace")


def put(order: Order, autoscaling: Any) -> Made:
    """Put the policy on its target, which a target's id names as well."""
    wanted = order.properties
    target = wanted.take("ScalingTargetId")
    place = wanted.some(*_PLACE) if target is None else dict(zip(_PLACE, target.split("|"), strict=True))
    arn = autoscaling.put_scaling_policy(
        **place,
        **wanted.some(
            "PolicyName",
            "PolicyType",
            "PredictiveScalingPolicyConfiguration",
            "StepScalingPolicyConfiguration",
            "TargetTrackingScalingPolicyConfiguration",
        ),
    )["PolicyARN"]
    return Made(arn, {"Arn": arn})


def delete(order: Order, autoscaling: Any) -> None:
    """Delete the policy."""
    target = order.before.get("ScalingTargetId")
    place = zip(_PLACE, target.split("|"), strict=True) if target else ((name, order.before[name]) for name in _PLACE)
    autoscaling.delete_scaling_policy(PolicyName=order.before["PolicyName"], **dict(place))


RESOURCE = Resource(
    type="AWS::ApplicationAutoScaling::ScalingPolicy",
    service="application-autoscaling",
    native=False,
    why="It is skipped.",
    create=put,
    update=put,
    delete=delete,
)
