"""The key of one domain of data: it rotates, outlives its stack, and works through named services alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.home import home

# What looking after a key takes. Using it is not among them, nor making grants: administrators cannot read what it
# encrypts.
_ADMINISTRATION = [
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:Delete*",
    "kms:Describe*",
    "kms:Disable*",
    "kms:Enable*",
    "kms:Get*",
    "kms:List*",
    "kms:Put*",
    "kms:Revoke*",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:Update*",
]
_USE = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]


class DomainKey(Construct):
    """A customer-managed key.

    Its policy leaves to IAM which of the account's principals may use it, and admits them only through the services in
    ``through``, such as ``s3``: nobody decrypts with the key itself. Services that act on their own behalf are admitted
    one by one with ``admit_service``. With ``volumes``, services may also make the grants that encrypted disks take.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        alias: str,
        description: str,
        through: Sequence[str],
        volumes: bool,
        deletion_days: int,
    ) -> None:
        super().__init__(scope, id_)
        self._home = home(self)
        self.key = kms.Key(
            self,
            "Key",
            description=description,
            enable_key_rotation=True,
            pending_window=cdk.Duration.days(deletion_days),
            policy=iam.PolicyDocument(statements=self._statements(through, volumes)),
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
        self.key.add_alias(alias)

    def _statements(self, through: Sequence[str], volumes: bool) -> list[iam.PolicyStatement]:
        account = iam.AccountRootPrincipal()
        services = [f"{service}.{self._home.region}.amazonaws.com" for service in through]
        via = {"StringEquals": {"kms:CallerAccount": self._home.account, "kms:ViaService": services}}
        # In a key's policy, "*" is the key itself.
        statements = [
            iam.PolicyStatement(sid="Administration", principals=[account], actions=_ADMINISTRATION, resources=["*"]),
            iam.PolicyStatement(
                sid="UseThroughServices", principals=[account], actions=_USE, resources=["*"], conditions=via
            ),
        ]
        if volumes:
            statements.append(
                iam.PolicyStatement(
                    sid="GrantsForVolumes",
                    principals=[account],
                    actions=["kms:CreateGrant"],
                    resources=["*"],
                    conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}, **via},
                )
            )
        return statements

    def admit_service(
        self, sid: str, service: str, conditions: Mapping[str, Mapping[str, object]], actions: Sequence[str] = _USE
    ) -> None:
        """Let a service use the key on its own behalf, as log delivery does.

        The conditions must tie it to this account.
        """
        self.key.add_to_resource_policy(
            iam.PolicyStatement(
                sid=sid,
                principals=[iam.ServicePrincipal(service)],
                actions=list(actions),
                resources=["*"],
                conditions=conditions,
            )
        )
