"""Policies whose every permission says what it is for, and whose every `*` says why it is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aws_cdk import aws_iam as iam
from constructs import Construct


@dataclass(frozen=True)
class Permission:
    """One statement that allows something.

    Attributes:
        sid: What it is for, in letters and digits.
        actions: Actions by their whole names.
        resources: ARNs. One with a `*` needs ``because``.
        conditions: By operator, as in the policy.
        because: Why a resource is given with a `*`: for whoever audits, and for the compliance packs.
    """

    sid: str
    actions: Sequence[str]
    resources: Sequence[str]
    conditions: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    because: str = ""

    def __post_init__(self) -> None:
        wild = [action for action in self.actions if "*" in action]
        if wild:
            raise ValueError(f"{self.sid} allows {', '.join(wild)}: name each action.")
        if any("*" in resource for resource in self.resources) and not self.because:
            raise ValueError(f"{self.sid} has a resource with a `*`: say why in `because`.")

    def statement(self) -> dict[str, object]:
        """Return the statement as a policy document has it."""
        return {
            "Sid": self.sid,
            "Effect": "Allow",
            "Action": sorted(self.actions),
            "Resource": list(self.resources),
            **({"Condition": self.conditions} if self.conditions else {}),
        }


class Policy(Construct):
    """A managed policy of permissions; inline policies are seen by nobody who lists policies."""

    def __init__(
        self, scope: Construct, id_: str, *, description: str, permissions: Sequence[Permission], role: iam.IRole
    ) -> None:
        super().__init__(scope, id_)
        self.permissions = tuple(permissions)
        self.managed = iam.ManagedPolicy(
            self,
            "Policy",
            description=description,
            # Whole, and not statement by statement: each object of the CDK's is a message to Node and one back.
            document=iam.PolicyDocument.from_json({"Statement": [each.statement() for each in permissions]}),
            roles=[role],
        )
