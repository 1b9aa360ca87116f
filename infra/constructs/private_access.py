"""The ways from a private network to AWS's services, each for this account's principals alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.home import home
from infra.names import PREFIX

# What jobs, functions and notebooks do with objects; settings of buckets are changed from elsewhere.
_OBJECTS = [
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:GetBucketLocation",
    "s3:GetBucketVersioning",
    "s3:GetObject",
    "s3:GetObjectAttributes",
    "s3:GetObjectTagging",
    "s3:GetObjectVersion",
    "s3:GetObjectVersionTagging",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:ListBucketVersions",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
    "s3:PutObjectTagging",
]


class PrivateAccess(Construct):
    """A gateway endpoint for S3, and an interface endpoint for each other service.

    Their policies grant nothing: they say what may pass. To S3 that is objects in this account's buckets, by this
    account's principals, so that no credentials of others' and no bucket of others' carry data away; to the other
    services, what this account's principals may do by their own policies. ``read_from`` is an account whose models are
    promoted to this one: its objects may be read, and nothing written there.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        vpc: ec2.IVpc,
        services: Sequence[str],
        subnets: Sequence[ec2.ISubnet],
        security_group: ec2.ISecurityGroup,
        read_from: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        here = home(self)
        mine = {"aws:PrincipalAccount": here.account}
        gateway = ec2.GatewayVpcEndpoint(self, "S3", vpc=vpc, service=ec2.GatewayVpcEndpointAwsService.S3)
        gateway.add_to_policy(
            _passes(
                "ObjectsOfThisAccount",
                _OBJECTS,
                [f"arn:{here.partition}:s3:::*"],
                {**mine, "s3:ResourceAccount": here.account},
            )
        )
        if read_from is not None:
            other = {**mine, "s3:ResourceAccount": read_from}
            files = f"arn:{here.partition}:s3:::*/{PREFIX}-*"
            gateway.add_to_policy(_passes("FilesOfPromotedModels", ["s3:GetObject"], [files], other))
        # The layers of images lie in a bucket of ECR's, read with signed addresses: nobody's principal asks. They can
        # be read, and nothing can be written there.
        layers = f"arn:{here.partition}:s3:::prod-{here.region}-starport-layer-bucket/*"
        gateway.add_to_policy(_passes("LayersOfImages", ["s3:GetObject"], [layers], {}))
        # Amazon Linux's packages, with which notebooks get their Python. They are signed, and asked for by nobody.
        packages = f"arn:{here.partition}:s3:::al2023-repos-{here.region}-de612dc2/*"
        gateway.add_to_policy(_passes("PackagesOfAmazonLinux", ["s3:GetObject"], [packages], {}))
        for service in services:
            endpoint = ec2.InterfaceVpcEndpoint(
                self,
                _title(service),
                vpc=vpc,
                service=ec2.InterfaceVpcEndpointAwsService(service),
                open=False,
                private_dns_enabled=True,
                security_groups=[security_group],
                subnets=ec2.SubnetSelection(subnets=list(subnets)),
            )
            # Which of the service's actions, the principals' own policies say.
            endpoint.add_to_policy(_passes("PrincipalsOfThisAccount", [f"{_prefix(service)}:*"], ["*"], mine))


def _passes(
    sid: str, actions: Sequence[str], resources: Sequence[str], equal: Mapping[str, str]
) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid=sid,
        principals=[iam.AnyPrincipal()],
        actions=list(actions),
        resources=list(resources),
        conditions={"StringEquals": dict(equal)} if equal else None,
    )


def _prefix(service: str) -> str:
    """Return what a service's actions start with."""
    return {"git-codecommit": "codecommit", "monitoring": "cloudwatch"}.get(service, service.partition(".")[0])


def _title(service: str) -> str:
    return "".join(part.capitalize() for part in service.replace("-", ".").split("."))
