"""What the roles of an environment may do at most, and from where."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from config.fields import Settings, written_as

_Boundary = Annotated[
    str,
    written_as(
        r"(arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/)?[\w+=,.@/-]{1,128}",
        "is no managed policy.",
        "Write the policy's name, or its ARN: `arn:aws:iam::111122223333:policy/NAME`.",
    ),
]


class Identity(Settings):
    """What the roles of an environment may do at most, and from where."""

    permissions_boundary: _Boundary | None = Field(
        default=None,
        description="A managed policy, by name or ARN, that bounds every role, and is there before them.",
    )
    data_from_vpc_only: bool = Field(
        default=True,
        description="Whether processing and training jobs reach buckets only from the environment's VPC: a role's "
        "credentials are worth nothing elsewhere.",
    )
