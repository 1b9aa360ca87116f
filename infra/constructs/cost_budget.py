"""A budget that tells people before a month has cost what it may."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_budgets as budgets
from constructs import Construct

TOLD = (("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100))


class CostBudget(budgets.CfnBudget):
    """A monthly budget in USD of the account, or of what carries a tag (``KEY$VALUE``)."""

    def __init__(self, scope: Construct, id_: str, *, monthly_usd: int, emails: Sequence[str], tag: str | None) -> None:
        people = [budgets.CfnBudget.SubscriberProperty(address=email, subscription_type="EMAIL") for email in emails]
        super().__init__(
            scope,
            id_,
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_limit=budgets.CfnBudget.SpendProperty(amount=monthly_usd, unit="USD"),
                budget_type="COST",
                cost_filters={"TagKeyValue": [f"user:{tag}"]} if tag is not None else None,
                time_unit="MONTHLY",
            ),
            notifications_with_subscribers=[
                budgets.CfnBudget.NotificationWithSubscribersProperty(
                    notification=budgets.CfnBudget.NotificationProperty(
                        comparison_operator="GREATER_THAN",
                        notification_type=kind,
                        threshold=percent,
                        threshold_type="PERCENTAGE",
                    ),
                    subscribers=people,
                )
                for kind, percent in TOLD
            ],
        )
