"""AWS::EC2::FlowLog."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource
from tests.support.moto.cloudformation.tags import change_ec2_tags, ec2_tags


def create(order: Order, ec2: Any) -> Made:
    """Write down what flows."""
    wanted = order.properties
    answer = ec2.create_flow_logs(
        ResourceIds=[wanted.take("ResourceId")],
        **wanted.some(
            "DeliverLogsPermissionArn",
            "DestinationOptions",
            "LogDestination",
            "LogDestinationType",
            "LogFormat",
            "LogGroupName",
            "MaxAggregationInterval",
            "ResourceType",
            "TrafficType",
        ),
        **ec2_tags(order, "vpc-flow-log"),
    )
    assert not answer["Unsuccessful"], answer["Unsuccessful"]
    (id_,) = answer["FlowLogIds"]
    return Made(id_, {"Id": id_})


def update(order: Order, ec2: Any) -> Made:
    """Change tags."""
    change_ec2_tags(order, ec2)
    assert order.made is not None
    return order.made


def delete(order: Order, ec2: Any) -> None:
    """No longer write it down."""
    answer = ec2.delete_flow_logs(FlowLogIds=[order.id])
    assert not answer.get("Unsuccessful"), answer["Unsuccessful"]


RESOURCE = Resource(
    type="AWS::EC2::FlowLog",
    service="ec2",
    native=True,
    why="It has no deletion.",
    create=create,
    update=update,
    delete=delete,
)
