"""AWS::Lambda::Permission."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource


def create(order: Order, lambda_: Any) -> Made:
    """Let somebody invoke the function."""
    lambda_.add_permission(
        StatementId=order.name,
        **order.properties.some(
            "Action",
            "EventSourceToken",
            "FunctionName",
            "FunctionUrlAuthType",
            "Principal",
            "PrincipalOrgID",
            "SourceAccount",
            "SourceArn",
        ),
    )
    return Made(order.name, {"Id": order.name})


def delete(order: Order, lambda_: Any) -> None:
    """Let nobody any longer."""
    lambda_.remove_permission(FunctionName=order.before["FunctionName"], StatementId=order.id)


RESOURCE = Resource(
    type="AWS::Lambda::Permission",
    service="lambda",
    native=True,
    why="It has neither update nor deletion.",
    create=create,
    delete=delete,
    name_length=100,
)
