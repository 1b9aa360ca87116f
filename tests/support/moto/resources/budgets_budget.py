"""AWS::Budgets::Budget."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation.resource import Made, Order, Resource


def create(order: Order, budgets: Any) -> Made:
    """Make the budget with those whom it tells."""
    wanted = order.properties
    budget = _budget(order)
    name = budget.setdefault("BudgetName", order.name)
    budgets.create_budget(
        AccountId=order.account, Budget=budget, **wanted.some("NotificationsWithSubscribers", "ResourceTags")
    )
    return Made(name, {"Id": name})


def update(order: Order, budgets: Any) -> Made:
    """Change the budget."""
    budget = _budget(order) | {"BudgetName": order.id}
    budgets.update_budget(AccountId=order.account, NewBudget=budget)
    assert order.made is not None
    return order.made


def _budget(order: Order) -> dict[str, Any]:
    """Return the budget with its amount as text, which is a number to CloudFormation."""
    budget: dict[str, Any] = order.properties.take("Budget")
    if "BudgetLimit" in budget:
        budget["BudgetLimit"]["Amount"] = f"{budget['BudgetLimit']['Amount']:g}"
    return budget


def delete(order: Order, budgets: Any) -> None:
    """Delete the budget."""
    budgets.delete_budget(AccountId=order.account, BudgetName=order.id)


RESOURCE = Resource(
    type="AWS::Budgets::Budget",
    service="budgets",
    native=False,
    why="It is skipped, and budgets cannot be changed.",
    create=create,
    update=update,
    delete=delete,
    name_length=100,
)
