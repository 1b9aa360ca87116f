"""How an environment runs its pipelines, and what starts them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from config.emails import Emails
from config.errors import Mistake, suggestion
from config.fields import Settings, Texts, mistake, nothing_as_none_given
from config.schedules import check_schedule
from config.settings.data import MOST_DAYS


def _check_once(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        raise mistake("it lists a problem twice.", "List each once.")
    return names


class Pipelines(Settings):
    """How pipelines run, what starts them, and who is told of failures and of what waits for a decision."""

    parallelism: int = Field(
        default=8, ge=1, le=100, description="How many steps of one execution may run at the same time."
    )
    schedules: Annotated[
        dict[str, Annotated[str, AfterValidator(check_schedule)]], BeforeValidator(nothing_as_none_given)
    ] = Field(
        default_factory=dict,
        description="When a problem's pipeline starts by itself, by the problem's name and in UTC, such as "
        "`breast_cancer: rate(7 days)` or `diabetes: cron(0 6 ? * MON *)`.",
    )
    on_new_data: Annotated[Texts, AfterValidator(_check_once)] = Field(
        default=(),
        description="Problems whose pipeline starts when a file arrives below `PROBLEM/input/` in the data bucket.",
    )
    quiet_minutes: int = Field(
        default=2,
        ge=1,
        le=10,
        description="How long no further file may arrive before new data starts a pipeline, so that files that arrive "
        "together start one execution.",
    )
    emails: Emails = Field(
        default=(),
        description="Who is told of failures, and of versions that wait for approval; each address must confirm the "
        "mail that AWS sends it first.",
    )
    tell_of_waiting_versions: bool = Field(
        default=True,
        description="Whether people are told of each version of a model that waits for approval: registered by a run, "
        "or promoted from another account.",
    )
    log_days: int = Field(default=90, ge=1, le=MOST_DAYS, description="How many days the functions' logs are kept.")
    reserved_concurrency: int = Field(
        default=5,
        ge=1,
        le=100,
        description="How many invocations of each function may run at once, reserved from the account's limit.",
    )


def problem_mistakes(settings: Pipelines, problems: Sequence[str]) -> list[Mistake]:
    """Return what the settings say of problems that the environment does not have."""
    named = [(f"pipelines.schedules.{name}", name) for name in settings.schedules]
    named += [(f"pipelines.on_new_data[{index}]", name) for index, name in enumerate(settings.on_new_data)]
    return [
        Mistake(path, f"the environment has no problem `{name[:60]}`.", suggestion(name, problems))
        for path, name in named
        if name not in problems
    ]
