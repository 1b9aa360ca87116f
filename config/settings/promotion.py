"""How approved models go from one account's registry to another's."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from config.fields import Name, Settings, Texts, mistake


def _check_account(account: str) -> str:
    if not re.fullmatch(r"[0-9]{12}", account):
        raise mistake(f"`{account[:40]}` is no account number.", "Write its 12 digits in quotes.")
    return account


def _check_accounts(accounts: tuple[str, ...]) -> tuple[str, ...]:
    for account in accounts:
        _check_account(account)
    if len(set(accounts)) < len(accounts):
        raise mistake("it lists an account twice.", "List each once.")
    return accounts


class Source(Settings):
    """Where models come from."""

    environment: Name = Field(description="The environment whose approved models are registered here, too.")
    account: Annotated[str, AfterValidator(_check_account)] = Field(description="Its account: 12 digits, in quotes.")
    approval: bool = Field(
        default=True,
        description="Whether a person must approve them here once more; `false` deploys what is approved there.",
    )


class Promotion(Settings):
    """How approved models go from one account's registry to another's, in one region."""

    to: Annotated[Texts, AfterValidator(_check_accounts)] = Field(
        default=(),
        description="Accounts that are told of versions approved here, and may read them with their archives.",
    )
    source: Source | None = Field(default=None, description="Where models come from that are registered here as well.")
