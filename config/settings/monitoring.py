"""What an environment watches, who is told, and what it may cost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from config.emails import Emails
from config.errors import Mistake, suggestion
from config.fields import Settings, mistake, nothing_as_defaults, nothing_as_none_given
from config.schedules import check_schedule
from config.settings.data import MOST_DAYS

JOB_LOG_GROUPS = ("ProcessingJobs", "TrainingJobs", "TransformJobs", "NotebookInstances")
MOST_TOLD = 10
"""Subscribers that a budget's notification takes."""


def _check_url(url: str) -> str:
    if not re.fullmatch(r"https://[A-Za-z0-9.-]+(:[0-9]+)?/[\w./~%+-]*", url, re.ASCII) or len(url) > 200:
        raise mistake(
            f"`{url[:60]}` is no address of a page.",
            "Write one such as `https://wiki.example.com/sageline/runbook`, without a `#`.",
        )
    return url


def _check_log_group(name: str) -> str:
    if name not in JOB_LOG_GROUPS:
        raise mistake(f"`{name[:60]}` is no log group of jobs.", suggestion(name, JOB_LOG_GROUPS))
    return name


def _somebody(emails: tuple[str, ...]) -> tuple[str, ...]:
    if not 1 <= len(emails) <= MOST_TOLD:
        raise mistake(f"it names {len(emails)} addresses.", f"Name 1 to {MOST_TOLD}.")
    return emails


def _each_once(groups: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(groups)) < len(groups):
        raise mistake("it lists a log group twice.", "List each once.")
    return groups


class Drift(Settings):
    """How the rows that an endpoint gets are compared with those that its model was trained on."""

    schedule: Annotated[str, AfterValidator(check_schedule)] = Field(
        default="rate(1 day)", description="How often captured rows are compared with the training rows, in UTC."
    )
    days: int = Field(default=7, ge=1, le=31, description="How many days of captured rows are looked at.")
    least_rows: int = Field(
        default=200, ge=50, le=1_000_000, description="With fewer captured rows nothing is compared."
    )
    psi: float = Field(
        default=0.2, ge=0.01, le=10, description="The population stability index of a column that is too much."
    )
    ks: float = Field(
        default=0.15, ge=0.01, le=1, description="The Kolmogorov-Smirnov distance of a numeric column that is too much."
    )
    missing: float = Field(
        default=0.1, ge=0, le=1, description="The change of a column's share of missing values that is too much."
    )
    unseen: float = Field(
        default=0.05, ge=0, le=1, description="The share of categories unseen in training that is too much."
    )
    retrain: bool = Field(
        default=False, description="Whether drift starts the problem's pipeline on the data that lies in its folder."
    )


class Endpoints(Settings):
    """When an endpoint's alarms go off."""

    errors_percent: float = Field(
        default=1, ge=0, le=100, description="How many of a hundred requests may fail with a 5xx status."
    )
    refusals_percent: float = Field(
        default=20, ge=0, le=100, description="How many of a hundred requests may be refused with a 4xx status."
    )
    latency_ms: float = Field(
        default=1_000, ge=1, le=3_600_000, description="How long the slowest hundredth of requests may take the model."
    )
    minutes: int = Field(default=5, ge=1, le=60, description="For how many minutes in a row before an alarm goes off.")
    idle_hours: int | None = Field(
        default=None, ge=1, le=24, description="After how many hours without a request; not watched when left out."
    )


class Budget(Settings):
    """What a month may cost."""

    monthly_usd: int = Field(ge=1, le=10_000_000, description="What a month may cost, in USD.")
    emails: Annotated[Emails, AfterValidator(_somebody)] = Field(
        description="Who is told at 80 % and 100 %, and when 100 % is to be expected: 1 to 10 addresses."
    )
    scope: Literal["account", "environment"] = Field(
        default="account",
        description="What is counted: the whole account, or what the tag `sageline:environment` is on, once it is "
        "activated as a cost allocation tag.",
    )


class Monitoring(Settings):
    """What is watched, who is told, and what it may cost."""

    emails: Emails = Field(
        default=(), description="Who is told of alarms; each address must confirm the mail that AWS sends it first."
    )
    runbook_url: Annotated[str, AfterValidator(_check_url)] | None = Field(
        default=None,
        description="Where this project's docs/runbook.md can be read, for the links in alarms; its path there when "
        "left out.",
    )
    dashboards: bool = Field(
        default=True, description="Whether there are dashboards; an account's first three are free of charge."
    )
    longest_hours: int = Field(
        default=24, ge=1, le=672, description="How long a pipeline's execution may take before an alarm goes off."
    )
    endpoints: Annotated[Endpoints, BeforeValidator(nothing_as_none_given)] = Field(
        default_factory=Endpoints, description="When the alarms of endpoints go off."
    )
    audit: bool = Field(
        default=True,
        description="Whether people are told of refused requests for objects, and of changes to keys and buckets.",
    )
    refused_requests: int = Field(
        default=20, ge=1, le=100_000, description="How many refused requests for objects in 5 minutes are too many."
    )
    job_log_groups: Annotated[
        tuple[Annotated[str, AfterValidator(_check_log_group)], ...], AfterValidator(_each_once), Field(strict=False)
    ] = Field(
        default=(),
        description="Which log groups of jobs get the environment's key and retention: `ProcessingJobs`, "
        "`TrainingJobs`, `TransformJobs`, `NotebookInstances`. One that is there already is imported first.",
    )
    log_days: int = Field(default=365, ge=1, le=MOST_DAYS, description="How many days jobs' logs are kept.")
    drift: Annotated[dict[str, Drift], BeforeValidator(nothing_as_defaults)] = Field(
        default_factory=dict, description="Problems whose endpoints' captured rows are watched for drift."
    )
    budget: Budget | None = Field(default=None, description="What a month may cost before people are told.")


def watched_mistakes(settings: Monitoring, problems: Sequence[str], captured: Sequence[str]) -> list[Mistake]:
    """Return what the settings say of problems that the environment does not have, or captures no rows of."""
    found = []
    for name in settings.drift:
        place = f"monitoring.drift.{name}"
        if name not in problems:
            message = f"the environment has no problem `{name[:60]}`."
            found.append(Mistake(place, message, suggestion(name, problems)))
        elif name not in captured:
            message = f"no requests of `{name}` are captured, so there is nothing to look at."
            fix = f"Set `serving.{name}.capture_percent`, or remove this."
            found.append(Mistake(place, message, fix))
    return found
