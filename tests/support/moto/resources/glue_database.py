"""AWS::Glue::Database."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource


def create(order: Order, glue: Any) -> Made:
    """Make the database; its name stands in the template twice, or not at all."""
    request = _request(order, order.name.lower())
    glue.create_database(**request)
    return Made(request["DatabaseInput"]["Name"])


def update(order: Order, glue: Any) -> Made:
    """Change the database's description and place."""
    glue.update_database(Name=order.id, **_request(order, order.id))
    return Made(order.id)


def _request(order: Order, name: str) -> dict[str, Any]:
    name = order.properties.take("DatabaseName", name)
    request = order.properties.some("CatalogId", "DatabaseInput")
    request["DatabaseInput"] = {"Name": name} | request["DatabaseInput"]
    return request


def delete(order: Order, glue: Any) -> None:
    """Delete the database."""
    glue.delete_database(Name=order.id)


RESOURCE = Resource(
    type="AWS::Glue::Database",
    service="glue",
    native=False,
    why="It is skipped.",
    create=create,
    update=update,
    delete=delete,
)
