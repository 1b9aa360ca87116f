"""Where a stack is, and the ARNs of what is there.

The CDK's own ``Stack.format_arn`` writes the same, but asks Node for each: an environment names hundreds of ARNs, and
its account and region are the same in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import aws_cdk as cdk
from constructs import IConstruct


@dataclass(frozen=True)
class Home:
    """A stack's partition, region and account."""

    partition: str
    region: str
    account: str

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of something of this account in this region; ``resource`` is such as ``subnet/*``."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


_HOMES: WeakKeyDictionary[IConstruct, Home] = WeakKeyDictionary()


def home(construct: IConstruct) -> Home:
    """Return where a construct's stack is."""
    if construct not in _HOMES:
        stack = cdk.Stack.of(construct)
        if stack not in _HOMES:
            _HOMES[stack] = Home(stack.partition, stack.region, stack.account)
        _HOMES[construct] = _HOMES[stack]
    return _HOMES[construct]
