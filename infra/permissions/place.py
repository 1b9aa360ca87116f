"""Where permissions hold: the account, region and network whose ARNs they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import aws_cdk as cdk

from infra.constructs.home import Home, home


@dataclass(frozen=True)
class Place:
    """An environment's place. ``vpc_id`` is None where data may be reached from elsewhere."""

    stack: cdk.Stack
    subnet_ids: Sequence[str]
    security_group_ids: Sequence[str]
    vpc_id: str | None

    @property
    def home(self) -> Home:
        """The partition, region and account."""
        return home(self.stack)

    def arn(self, service: str, resource: str, name: str) -> str:
        """Return the ARN of one of this account's resources in this region."""
        return self.home.arn(service, f"{resource}/{name}")

    @property
    def only_here(self) -> dict[str, dict[str, object]]:
        """The condition for what has no ARN: at least it is in this region."""
        return {"StringEquals": {"aws:RequestedRegion": self.home.region}}

    @property
    def from_vpc(self) -> dict[str, dict[str, object]]:
        """The condition for reaching data."""
        return {"StringEquals": {"aws:SourceVpc": self.vpc_id}} if self.vpc_id is not None else {}
