"""moto cannot change budgets."""

from __future__ import annotations

import json

from moto.budgets.exceptions import NotFoundException
from moto.budgets.responses import BudgetsResponse


def repair() -> None:
    """Add UpdateBudget."""
    assert not hasattr(BudgetsResponse, "update_budget"), "moto changes budgets now: delete this module"
    setattr(BudgetsResponse, "update_budget", _update)  # noqa: B010 - the class has no such attribute


def _update(response: BudgetsResponse) -> str:
    new = response._get_param("NewBudget")
    budgets = response.backend.budgets[response._get_param("AccountId")]
    if new["BudgetName"] not in budgets:
        raise NotFoundException(f"Unable to update budget: {new['BudgetName']} - the budget doesn't exist.")
    kept = {"TimePeriod": budgets[new["BudgetName"]].budget["TimePeriod"]}
    budgets[new["BudgetName"]].budget = kept | new
    return json.dumps({})
