"""The private network of an environment: a new one, or one that is there already."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated

from pydantic import AfterValidator, Field

from config.errors import suggestion
from config.fields import Settings, mistake
from config.private_services import DEFAULT, SERVICES

MOST_DAYS = 3_650
MOST_SUBNETS = 16
"""What SageMaker takes for a job."""
LARGEST, SMALLEST = 16, 24
"""Prefix lengths: the largest VPC that AWS makes, and the smallest whose quarters hold jobs and endpoints."""

PRIVATE = tuple(map(ipaddress.IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")))
# AWS's guide to VPCs names SageMaker among the services that meet conflicts where it is in use.
DOCKER = ipaddress.IPv4Network("172.17.0.0/16")


def _check_addresses(text: str) -> str:
    try:
        network = ipaddress.IPv4Network(text, strict=False)
    except ValueError:
        raise mistake(f"`{text[:40]}` is no range of IPv4 addresses.", "Write one such as `10.0.0.0/16`.") from None
    if "/" not in text or str(network.network_address) != text.partition("/")[0]:
        raise mistake(f"`{text[:40]}` does not say where its range starts.", f"Did you mean `{network}`?")
    if not any(network.subnet_of(each) for each in PRIVATE):
        raise mistake(
            f"`{text}` is not private: addresses in it belong to others.",
            "Write a range within `10.0.0.0/8`, `172.16.0.0/12`, `192.168.0.0/16` or `100.64.0.0/10`.",
        )
    return str(network)


def _check_new_addresses(text: str) -> str:
    network = ipaddress.IPv4Network(_check_addresses(text))
    if network.prefixlen > SMALLEST:
        raise mistake(
            f"`{text}` is too small: each zone gets a quarter of its {network.num_addresses} addresses, for the hosts "
            "of jobs, endpoints and functions.",
            f"Write a range of at least `/{SMALLEST}`, better `/{LARGEST}`.",
        )
    if network.prefixlen < LARGEST:
        raise mistake(f"`{text}` is larger than a VPC can be.", f"Write a range of at most `/{LARGEST}`.")
    if network.overlaps(DOCKER):
        raise mistake(f"`{text}` overlaps `{DOCKER}`, which SageMaker's hosts use for Docker.", "Write another range.")
    return text


def _check_id(kind: str, text: str) -> str:
    if not re.fullmatch(rf"{kind}-(?:[0-9a-f]{{8}}|[0-9a-f]{{17}})", text):
        raise mistake(
            f"`{text[:40]}` cannot be the id of one.", f"Write one such as `{kind}-0a1b2c3d4e5f60718`, as AWS shows it."
        )
    return text


def _check_zone(text: str) -> str:
    if not re.fullmatch(r"[a-z]+(?:-[a-z]+)+-[0-9][a-z]", text):
        raise mistake(f"`{text[:40]}` is no availability zone.", "Write one such as `eu-central-1a`.")
    return text


def _check_service(text: str) -> str:
    if text not in SERVICES:
        raise mistake(f"`{text[:40]}` is no service that is reached so.", suggestion(text, SERVICES))
    return text


def _each_once(items: tuple[str, ...]) -> tuple[str, ...]:
    twice = sorted({each for each in items if items.count(each) > 1})
    if twice:
        raise mistake(f"it lists `{twice[0]}` twice.", "List each once.")
    return items


def _enough_subnets(subnets: tuple[str, ...]) -> tuple[str, ...]:
    if not 2 <= len(subnets) <= MOST_SUBNETS:
        raise mistake(
            f"{len(subnets)} of them are not a choice that jobs take.",
            f"List from 2 to {MOST_SUBNETS}, each in a zone of its own.",
        )
    return _each_once(subnets)


SecurityGroupId = Annotated[str, AfterValidator(lambda text: _check_id("sg", text))]
SubnetId = Annotated[str, AfterValidator(lambda text: _check_id("subnet", text))]


class SecurityGroups(Settings):
    """Security groups that are there already, by who uses them."""

    jobs: SecurityGroupId = Field(
        description="A security group to use in place of one that is made: of jobs, whose hosts talk to each other."
    )
    functions: SecurityGroupId = Field(
        description="A security group to use in place of one that is made: of functions."
    )
    notebooks: SecurityGroupId = Field(
        description="A security group to use in place of one that is made: of notebooks."
    )
    endpoints: SecurityGroupId = Field(
        description="A security group to use in place of one that is made: of models that endpoints host."
    )


class ExistingVpc(Settings):
    """A VPC that is there already, with its subnets and endpoints; nothing is looked up."""

    id: Annotated[str, AfterValidator(lambda text: _check_id("vpc", text))] = Field(
        description="The id of a VPC that is there already, in place of a new one; nothing is looked up."
    )
    subnets: Annotated[tuple[SubnetId, ...], AfterValidator(_enough_subnets), Field(strict=False)] = Field(
        description="Its private subnets to use, at least 2, each in a zone of its own."
    )
    cidr: Annotated[str, AfterValidator(_check_addresses)] | None = Field(
        default=None,
        description="Its IPv4 addresses, where its interface endpoints answer, for security groups that are made.",
    )
    security_groups: SecurityGroups | None = Field(
        default=None, description="Security groups to use, in place of those that are made."
    )


class Network(Settings):
    """The private network of jobs, functions, notebooks and endpoints."""

    zones: int = Field(
        default=2, ge=2, le=3, description="In how many availability zones it has a private subnet, 2 or 3."
    )
    zone_names: Annotated[
        tuple[Annotated[str, AfterValidator(_check_zone)], ...], AfterValidator(_each_once), Field(strict=False)
    ] = Field(default=(), description="Which zones; the first ones that the region gives the account when left out.")
    cidr: Annotated[str, AfterValidator(_check_new_addresses)] = Field(
        default="10.0.0.0/16", description="Its private IPv4 addresses, `/16` to `/24`; each zone gets a quarter."
    )
    services: Annotated[
        tuple[Annotated[str, AfterValidator(_check_service)], ...], AfterValidator(_each_once), Field(strict=False)
    ] = Field(
        default=DEFAULT,
        description="The AWS services beside S3 that it reaches, each through an endpoint that costs about 8 USD a "
        "month in a zone.",
    )
    service_zones: int = Field(
        default=1, ge=1, le=3, description="In how many of its zones these endpoints stand: 1 costs least."
    )
    log_days: int = Field(default=365, ge=1, le=MOST_DAYS, description="How many days flow logs are kept.")
    s3_prefix_list: Annotated[str, AfterValidator(lambda text: _check_id("pl", text))] | None = Field(
        default=None, description="The id of the region's prefix list of S3; known for most regions."
    )
    vpc: ExistingVpc | None = Field(default=None, description="A VPC that is there already, in place of a new one.")

    @property
    def subnet_count(self) -> int:
        """How many private subnets jobs can run in."""
        return self.zones if self.vpc is None else len(self.vpc.subnets)
