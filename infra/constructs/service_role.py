"""A role that one service of AWS takes on, for this account's resources alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.home import home
from infra.constructs.policy import Permission, Policy


class ServiceRole(Construct):
    """A role and its policies, one for each thing that it is for: a policy takes 6,144 characters.

    The trust names this account as the source, so that the service cannot be talked into using the role by another
    account's resource (the confused deputy).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        service: str,
        description: str,
        policies: Mapping[str, Sequence[Permission]],
    ) -> None:
        super().__init__(scope, id_)
        here = home(self)
        prefix = service.partition(".")[0]
        self.role = iam.Role(
            self,
            "Role",
            description=description,
            assumed_by=iam.PrincipalWithConditions(
                iam.ServicePrincipal(service),
                {
                    "StringEquals": {"aws:SourceAccount": here.account},
                    "ArnLike": {"aws:SourceArn": here.arn(prefix, "*")},
                },
            ),
        )
        for name, permissions in policies.items():
            Policy(self, name, description=f"{description}: {name}", permissions=permissions, role=self.role)
