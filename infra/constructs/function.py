"""A Lambda function: one module of infra/functions, in the private subnets, with a role that may do what it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3_assets as s3_assets
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.compliance.acknowledge import acknowledge
from infra.constructs.domain_key import DomainKey
from infra.constructs.home import home
from infra.constructs.policy import Permission, Policy
from infra.constructs.retention import retention
from infra.permissions.logging import streams

FUNCTIONS = Path(__file__).parents[1] / "functions"
RUNTIME = "python3.14"
_LAMBDA = "lambda.amazonaws.com"


class FunctionNetwork(Protocol):
    """What a function needs to know of the network."""

    @property
    def subnet_ids(self) -> Sequence[str]:
        """The private subnets, one a zone."""

    @property
    def function_security_group_id(self) -> str:
        """The security group of functions."""


class Function(Construct):
    """A function and what belongs to it: role, policy, log group.

    ``permissions`` are what its code does; what Lambda itself needs to run it in a network is added. ``dead_letters``
    is for functions that are invoked asynchronously: what fails again and again is kept there. ``environment`` is for
    names, never for secrets.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        module: str,
        description: str,
        permissions: Sequence[Permission],
        network: FunctionNetwork,
        operations_key: DomainKey,
        log_days: int,
        reserved_concurrency: int,
        timeout_seconds: int = 60,
        memory_mib: int = 256,
        environment: Mapping[str, str] | None = None,
        dead_letters: sqs.IQueue | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.name = name
        self.arn = home(self).arn("lambda", f"function:{name}")
        self.log_group = logs.LogGroup(
            self,
            "Logs",
            encryption_key=operations_key.key,
            # Named as Lambda names it, so that it is found; kept logs would stand in the way of the next deployment.
            log_group_name=f"/aws/lambda/{name}",
            removal_policy=cdk.RemovalPolicy.DESTROY,
            retention=retention(log_days),
        )
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                _LAMBDA, conditions={"StringEquals": {"aws:SourceAccount": home(self).account}}
            ),
            description=f"Runs the function {name}",
        )
        policy = Policy(
            self,
            "Policy",
            description=f"What the function {name} does, and what running it takes",
            role=self.role,
            permissions=[
                *permissions,
                *self._running(network),
                *(_dead_letters(dead_letters, operations_key) if dead_letters is not None else ()),
            ],
        )
        code = s3_assets.Asset(
            self, "Code", path=str(FUNCTIONS), exclude=["*", f"!{module}.py"], ignore_mode=cdk.IgnoreMode.GIT
        )
        self.function = lambda_.CfnFunction(
            self,
            "Function",
            architectures=["arm64"],
            code=lambda_.CfnFunction.CodeProperty(s3_bucket=code.s3_bucket_name, s3_key=code.s3_object_key),
            dead_letter_config=None
            if dead_letters is None
            else lambda_.CfnFunction.DeadLetterConfigProperty(target_arn=dead_letters.queue_arn),
            description=description,
            environment=lambda_.CfnFunction.EnvironmentProperty(variables=dict(environment)) if environment else None,
            function_name=name,
            handler=f"{module}.handler",
            logging_config=lambda_.CfnFunction.LoggingConfigProperty(log_group=self.log_group.log_group_name),
            memory_size=memory_mib,
            reserved_concurrent_executions=reserved_concurrency,
            role=self.role.role_arn,
            runtime=RUNTIME,
            timeout=timeout_seconds,
            vpc_config=lambda_.CfnFunction.VpcConfigProperty(
                security_group_ids=[network.function_security_group_id], subnet_ids=list(network.subnet_ids)
            ),
        )
        # Lambda looks at creation whether the role may put it into the network.
        self.function.node.add_dependency(policy)
        if environment:
            acknowledge(
                self.function,
                "CKV_AWS_173",
                "It holds names alone, which whoever may look at the function may know; Lambda encrypts them with a "
                "key of its own.",
            )
        if dead_letters is None:
            for rule in ("LambdaDLQ", "CKV_AWS_116"):
                acknowledge(
                    self.function,
                    rule,
                    "It is invoked synchronously: whoever calls it gets its errors, and a queue would stay empty.",
                )

    def allow(self, id_: str, service: str, source_arn: str) -> None:
        """Let something of this account, such as a rule, invoke the function through its service."""
        lambda_.CfnPermission(
            self,
            id_,
            action="lambda:InvokeFunction",
            function_name=self.function.ref,
            principal=service,
            # It names the account, too; not every service says the account apart, as `source_account` would want.
            source_arn=source_arn,
        )

    def _running(self, network: FunctionNetwork) -> list[Permission]:
        """Return what Lambda needs. The condition keeps it from the function's code, whose calls carry the key.

        Source: Lambda Developer Guide, 'Giving Lambda functions access to resources in an Amazon VPC'.
        """
        service_alone = {"Null": {"lambda:SourceFunctionArn": "true"}}

        def ec2(resource: str, name: str) -> str:
            return home(self).arn("ec2", f"{resource}/{name}")

        places = [ec2("subnet", each) for each in network.subnet_ids]
        group = ec2("security-group", network.function_security_group_id)
        return [
            Permission(
                "WriteLogs",
                ["logs:CreateLogStream", "logs:PutLogEvents"],
                [streams(self.log_group)],
                because="Lambda names its log streams itself.",
            ),
            Permission(
                "CreateInterfaces",
                ["ec2:CreateNetworkInterface"],
                [ec2("network-interface", "*"), group, *places],
                conditions=service_alone,
                because="EC2 names a network interface when it is made.",
            ),
            Permission(
                "ManageInterfaces",
                ["ec2:AssignPrivateIpAddresses", "ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses"],
                [ec2("*", "*")],
                conditions=service_alone,
                because="Lambda shares interfaces between functions, and asks beforehand whether it may delete any.",
            ),
            Permission(
                "LookAtInterfaces",
                ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"],
                ["*"],
                conditions=service_alone,
                because="EC2 has no resources for what only describes.",
            ),
        ]


def _dead_letters(queue: sqs.IQueue, key: DomainKey) -> list[Permission]:
    return [
        Permission("KeepDeadLetters", ["sqs:SendMessage"], [queue.queue_arn]),
        Permission("EncryptDeadLetters", ["kms:Decrypt", "kms:GenerateDataKey"], [key.key.key_arn]),
    ]
