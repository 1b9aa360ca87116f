"""How the instances of a variant follow its requests."""

from __future__ import annotations

import re
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field

from config.errors import suggestion
from config.fields import Settings, mistake, nothing_as_none_given
from config.scaling_times import check_time
from config.settings.hosting import InstanceType


def _check_timezone(name: str) -> str:
    known = available_timezones()
    if name not in known:
        raise mistake(f"`{name[:40]}` is no time zone.", f"{_zone(name, sorted(known))}")
    return name


def _zone(name: str, known: list[str]) -> str:
    found = suggestion(name, known)
    return found if found.startswith("Did") else "Write one such as `Europe/Berlin` or `UTC`."


def _check_schedules(schedules: dict[str, Schedule]) -> dict[str, Schedule]:
    for name in schedules:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", name):
            raise mistake(f"`{name[:60]}` cannot name a schedule.", "Use letters, digits, `_`, `-` and `.`.")
    return schedules


class Schedule(Settings):
    """A change of the bounds between which instances scale, at a time."""

    at: Annotated[str, AfterValidator(check_time)] = Field(
        description="When a schedule called NAME changes the bounds, such as `cron(0 7 ? * MON-FRI *)`."
    )
    timezone: Annotated[str, AfterValidator(_check_timezone)] = Field(
        default="UTC", description="The time zone of `at`, such as `Europe/Berlin`."
    )
    min_instances: int | None = Field(default=None, ge=0, description="The fewest instances from then on.")
    max_instances: int | None = Field(default=None, ge=1, description="The most instances from then on.")


class Scaling(Settings):
    """How a variant's instances follow its requests."""

    min_instances: int = Field(
        default=1, ge=0, description="The fewest instances; 0 only for asynchronous endpoints, whose requests wait."
    )
    max_instances: int = Field(ge=1, description="The most instances.")
    requests_per_instance: int = Field(
        ge=1,
        description="How many requests an instance is to have: those of a minute or, in an asynchronous endpoint, "
        "those that wait.",
    )
    measured_on: InstanceType = Field(
        description="The instance type on which that number was measured; it must be the variant's. The service "
        "changes no instance type of a variant that scales: deploy once with `paused: true` before."
    )
    scale_in: bool = Field(default=True, description="Whether instances are taken away again when requests get fewer.")
    scale_in_seconds: int = Field(
        default=600, ge=0, le=86_400, description="How long after taking instances away no more are taken."
    )
    scale_out_seconds: int = Field(
        default=60, ge=0, le=86_400, description="How long after adding instances no more are added."
    )
    paused: bool = Field(
        default=False,
        description="Whether the variant keeps the instances that it has: for the deployment before one that changes "
        "its instance type or removes it.",
    )
    schedules: Annotated[
        dict[str, Schedule], BeforeValidator(nothing_as_none_given), AfterValidator(_check_schedules)
    ] = Field(default_factory=dict, description="Other bounds at times.")
