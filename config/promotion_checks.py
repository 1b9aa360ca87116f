"""What can be wrong between the settings of promotion and others, within an environment and between several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from config.errors import Mistake

if TYPE_CHECKING:
    from config.environment import Environment


def promotion_mistakes(values: Mapping[str, Any]) -> list[Mistake]:
    """Return what is wrong between an environment's settings; those not in ``values`` are unknown or wrong."""
    promotion, account = values.get("promotion"), values.get("account")
    if promotion is None or account is None:
        return []
    fix = "Name another account: environments in one account have one registry in each region."
    message = f"{account} is this environment's own account."
    found = []
    if account in promotion.get("to", ()):
        found.append(Mistake("promotion.to", message, fix))
    source = promotion.get("source")
    if source is not None and source.get("account") == account:
        found.append(Mistake("promotion.source.account", message, fix))
    if source is not None and source.get("environment") == values.get("name"):
        fix = "Name the environment where models are trained and approved first."
        found.append(Mistake("promotion.source.environment", "it is this environment itself.", fix))
    return found


def unmatched(environments: Sequence[Environment]) -> list[Mistake]:
    """Return what does not fit between environments that are there: who is read from must let it be."""
    known = {each.name: each for each in environments}
    return [
        Mistake(f"{each.name} {path}", message, fix)
        for each in environments
        if each.promotion is not None and (named := each.promotion.source) is not None
        if (source := known.get(named.environment)) is not None
        for path, message, fix in _between(each, source, named.account)
    ]


def _between(here: Environment, source: Environment, account: str) -> Iterator[tuple[str, str, str]]:
    """Find what does not fit between an environment and its models' source, which it says is in ``account``."""
    if account != source.account:
        message = f"{source.name} is in account {source.account}, not in {account}."
        yield "promotion.source.account", message, f'Write "{source.account}".'
    if here.region != source.region:
        message = f"{source.name} is in {source.region}, and {here.name} in {here.region}."
        fix = "Models are promoted within a region: images and keys are those of one."
        yield "promotion.source", message, fix
    if source.promotion is None or here.account not in source.promotion.to:
        message = f"{source.name} does not let {here.name} read its models."
        yield (
            "promotion.source",
            message,
            f'Add "{here.account}" to `promotion.to` of {source.name}, and deploy it first.',
        )
    missing = sorted(set(here.problems) - set(source.problems)) if here.problems and source.problems else []
    if missing:
        message = f"{source.name} has no problem {', '.join(missing)}: nothing of it will be promoted."
        yield "problems", message, f"Add it to the `problems` of {source.name}, or remove it here."
