"""What a need is, and those that functions of several stacks have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_LAMBDA = "Lambda Developer Guide, 'Giving Lambda functions access to resources in an Amazon VPC'"
_DEAD_LETTERS = "SQS Developer Guide, 'Key management'"


@dataclass(frozen=True)
class Need:
    """Something that actions are needed for.

    Attributes:
        who: Who does it, and what.
        actions: By service, without its name.
        source: Where it is documented, or the module whose calls they are.
    """

    who: str
    actions: Mapping[str, str]
    source: str

    def names(self) -> set[str]:
        """Return the actions by their whole names."""
        return {f"{service}:{each}" for service, listed in self.actions.items() for each in listed.split()}


RUN_FUNCTION = Need(
    "Lambda runs the function in the private network",
    {
        "ec2": "AssignPrivateIpAddresses CreateNetworkInterface DeleteNetworkInterface DescribeNetworkInterfaces "
        "DescribeSubnets UnassignPrivateIpAddresses",
        "logs": "CreateLogStream PutLogEvents",
    },
    _LAMBDA,
)
KEEP = Need(
    "keeps what could not be delivered, encrypted",
    {"sqs": "SendMessage", "kms": "Decrypt GenerateDataKey"},
    _DEAD_LETTERS,
)
