"""What can be wrong between the settings of delivery and others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from config.errors import Mistake, suggestion
from config.settings.delivery import Delivery


def delivery_mistakes(values: Mapping[str, Any]) -> list[Mistake]:
    """Return what is wrong between an environment's settings; those not in ``values`` are unknown or wrong."""
    delivery = values.get("delivery")
    if delivery is None:
        return []
    if not any(delivery.values()):
        message = "it names nothing that deploys."
        return [Mistake("delivery", message, "Add `github:`, `codepipeline:` or both, or remove it.")]
    return list(_elsewhere(delivery, values.get("account"), values.get("region")))


def unknown_problem(delivery: Delivery | None, problems: Sequence[str]) -> list[Mistake]:
    """Return the problem that delivery is to run and that the environment does not have."""
    if delivery is None or delivery.codepipeline is None or delivery.codepipeline.problem in problems:
        return []
    name = delivery.codepipeline.problem
    message = f"the environment has no problem `{name[:60]}`."
    return [Mistake("delivery.codepipeline.problem", message, suggestion(name, problems))]


def _elsewhere(delivery: Mapping[str, Any], account: str | None, region: str | None) -> Iterator[Mistake]:
    """Find what is in another account, or in another region."""
    provider = (delivery.get("github") or {}).get("provider_arn")
    connection = (delivery.get("codepipeline") or {}).get("connection_arn")
    for place, arn, what in (
        ("delivery.github.provider_arn", provider, "a role trusts providers of its own account alone"),
        ("delivery.codepipeline.connection_arn", connection, "a pipeline uses connections of its own account"),
    ):
        owner = arn.split(":")[4] if arn else account
        if account is not None and owner != account:
            message = f"it is in account {owner}, and the environment is in {account}: {what}."
            yield Mistake(place, message, "Name one of the environment's account.")
    if connection and region is not None and connection.split(":")[3] != region:
        message = f"it is in {connection.split(':')[3]}, and the environment is in {region}."
        yield Mistake("delivery.codepipeline.connection_arn", message, f"Make one in {region}.")
