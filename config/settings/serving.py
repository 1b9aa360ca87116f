"""How an approved model is served: the endpoint of one problem in one environment."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from config.fields import Settings, Texts, mistake, nothing_as_defaults, nothing_as_none_given
from config.settings.hosting import InstanceType
from config.settings.scaling import Scaling

MAIN_VARIANT = "AllTraffic"
SHADOW_VARIANT = "Shadow"
SERVERLESS_SIZES = (1_024, 2_048, 3_072, 4_096, 5_120, 6_144)
MOST_STEP_PERCENT = 50
_LONGEST_NAME = 40
_TAKES_NO_POLICY = ("AWSReservedSSO_", "AWSServiceRoleFor")

Traffic = Literal["all_at_once", "canary", "linear"]


def _check_variants(variants: dict[str, Variant]) -> dict[str, Variant]:
    for name in variants:
        _check_variant_name(name)
    return variants


def _check_variant_name(name: str) -> None:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", name) or len(name) > _LONGEST_NAME:
        raise mistake(
            f"`{name[:60]}` cannot be a variant's name.",
            f"Use at most {_LONGEST_NAME} letters and digits, starting with a letter: parameters of the stack are "
            "named by it.",
        )
    if name.lower() == SHADOW_VARIANT.lower():
        raise mistake(f"`{name}` is what the shadow variant is called.", "Name this one otherwise.")


def _check_traffic(traffic: object) -> object:
    if traffic == "rolling":
        raise mistake(
            "`rolling` gives up the old instances before the new ones have all been tried.",
            "Write `linear`, which keeps the old ones to go back to.",
        )
    return traffic


def _check_memory(memory: int) -> int:
    if memory not in SERVERLESS_SIZES:
        sizes = ", ".join(str(size) for size in SERVERLESS_SIZES)
        raise mistake(f"{memory} MB is no size that serverless endpoints have.", f"Write one of {sizes}.")
    return memory


def _check_callers(roles: tuple[str, ...]) -> tuple[str, ...]:
    for role in roles:
        if not re.fullmatch(r"[A-Za-z0-9+=,.@_-]{1,64}", role, re.ASCII):
            raise mistake(
                f"`{role[:80]}` is not the name of a role.",
                "Write what follows the last `/` of its ARN; it must be of this environment's account.",
            )
        if role.startswith(_TAKES_NO_POLICY):
            raise mistake(
                f"AWS lets nobody attach policies to `{role}`.",
                "Allow `sagemaker:InvokeEndpoint` in its permission set, and leave it out here.",
            )
    return roles


class Variant(Settings):
    """A fleet of instances that serves its share of the requests."""

    instance_type: InstanceType | None = Field(
        default=None, description="The instances of a variant called NAME; `instances.inference` when left out."
    )
    instances: int = Field(default=1, ge=1, le=1_000, description="How many it starts with.")
    weight: float = Field(default=1, ge=0, description="Its share of the requests, in proportion to the others'.")
    scaling: Scaling | None = Field(default=None, description="How its instances follow the requests.")


class Shadow(Settings):
    """A fleet that is sent copies of requests; what it answers reaches nobody."""

    instance_type: InstanceType | None = Field(
        default=None, description="The shadow variant's instances; `instances.inference` when left out."
    )
    instances: int = Field(default=1, ge=1, le=1_000, description="How many they are.")
    percent: int = Field(default=100, ge=1, le=100, description="How many of a hundred requests are copied to it.")


class Serverless(Settings):
    """An endpoint without instances, which costs nothing while nobody asks."""

    memory_mb: Annotated[int, AfterValidator(_check_memory)] = Field(
        default=2_048, description="The memory of each copy of the model, 1024 to 6144 in steps of 1024."
    )
    max_concurrency: int = Field(default=5, ge=1, le=200, description="How many requests are answered at a time.")
    provisioned_concurrency: int | None = Field(
        default=None, ge=1, le=200, description="How many copies are kept ready, and paid for."
    )


class Asynchronous(Settings):
    """An endpoint whose requests and answers are objects in the artifacts bucket."""

    concurrency: int | None = Field(
        default=None,
        ge=1,
        le=1_000,
        description="How many requests an instance works on at a time; the service's choice when left out.",
    )
    notifications: bool = Field(default=True, description="Whether two topics tell of each answer and of each failure.")


class Update(Settings):
    """How an endpoint changes to another model or other instances."""

    traffic: Annotated[Traffic, BeforeValidator(_check_traffic)] = Field(
        default="all_at_once",
        description="How requests move to the new instances: in one step, a first share and then the rest, or share by "
        "share. The last two need two instances.",
    )
    step_percent: int = Field(
        default=50, ge=1, description="The share of a canary, 1 to 50, or of each step of a linear update, 10 to 50."
    )
    wait_seconds: int = Field(default=300, ge=0, le=3_600, description="How long the alarms are watched at each step.")
    keep_old_seconds: int = Field(
        default=300, ge=0, le=3_600, description="How long the old instances stay after the last step."
    )
    guarded: bool = Field(
        default=True,
        description="Whether an update goes by these settings and is rolled back by the alarms. The service needs the "
        "same variants before and after: turn it off for the deployment that adds, renames or removes one.",
    )


class Alarms(Settings):
    """What rolls an update back."""

    errors_percent: float = Field(
        default=1, ge=0, le=100, description="How many of a hundred requests may fail with a 5xx status."
    )
    latency_ms: float = Field(
        default=1_000, ge=1, le=3_600_000, description="How long the slowest hundredth of requests may take the model."
    )
    refusals_percent: float | None = Field(
        default=None,
        ge=0,
        le=100,
        description="How many of a hundred requests may be refused with a 4xx status; not watched when left out.",
    )
    minutes: int = Field(
        default=2, ge=1, le=60, description="For how many minutes in a row it must be so before an alarm goes off."
    )


class Endpoint(Settings):
    """The endpoint that serves what was approved."""

    variants: Annotated[dict[str, Variant], BeforeValidator(nothing_as_defaults), AfterValidator(_check_variants)] = (
        Field(
            default_factory=lambda: {MAIN_VARIANT: Variant()},
            description="Fleets that share the requests; one called `AllTraffic` when left out.",
        )
    )
    shadow: Shadow | None = Field(default=None, description="A fleet that is sent copies of requests.")
    serverless: Serverless | None = Field(default=None, description="In place of instances: capacity by the request.")
    asynchronous: Asynchronous | None = Field(default=None, description="Requests that wait and are answered in S3.")
    capture_percent: int = Field(
        default=0,
        ge=0,
        le=100,
        description="How many of a hundred requests are kept with their answers in the captured bucket, where drift is "
        "looked for.",
    )
    callers: Annotated[Texts, AfterValidator(_check_callers)] = Field(
        default=(),
        description="Names of this account's roles that may ask it, such as an application's; each is given a policy.",
    )
    notebooks: bool = Field(
        default=False, description="Whether notebooks may ask it; what they ask is captured and counted, too."
    )
    vpc: bool = Field(
        default=True, description="Whether the model runs in the private network. Serverless endpoints cannot."
    )
    network_isolation: bool = Field(
        default=True, description="Whether its container can make no calls at all. Serverless endpoints cannot."
    )
    keep_weights: bool = Field(
        default=False,
        description="Whether an update keeps the weights that somebody has set by hand; those above otherwise.",
    )
    update: Annotated[Update, BeforeValidator(nothing_as_none_given)] = Field(
        default_factory=Update, description="How it changes to another model or other instances."
    )
    alarms: Annotated[Alarms, BeforeValidator(nothing_as_none_given)] = Field(
        default_factory=Alarms, description="What rolls an update back."
    )
    log_days: int = Field(default=365, ge=1, le=3_650, description="How many days the container's log is kept.")


Serving = Annotated[dict[str, Endpoint], BeforeValidator(nothing_as_defaults)]
