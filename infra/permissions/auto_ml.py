"""What AutoML takes: Autopilot makes jobs, models and endpoints of its own while it searches, with this role.

Source: the SageMaker developer guide's list for roles that are passed to CreateAutoMLJob.
"""

from __future__ import annotations

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from infra.constructs.policy import Permission
from infra.permissions.place import Place

_ITS_OWN = "Autopilot names what it makes while it searches; nobody else hands this role out."


def search(place: Place) -> list[Permission]:
    """Return what a search makes and removes."""
    kinds = {
        "model": ["CreateModel", "DeleteModel", "DescribeModel"],
        "endpoint-config": ["CreateEndpointConfig", "DeleteEndpointConfig", "DescribeEndpointConfig"],
        "endpoint": ["CreateEndpoint", "DeleteEndpoint", "DescribeEndpoint", "InvokeEndpoint"],
    }
    names = {kind: place.arn("sagemaker", kind, "*") for kind in kinds}
    found = [
        Permission(
            f"Make{kind.title().replace('-', '')}s",
            [f"sagemaker:{action}" for action in actions],
            # Creating an endpoint is checked against its configuration as well.
            [names[kind], names["endpoint-config"]] if kind == "endpoint" else [names[kind]],
            because=_ITS_OWN,
        )
        for kind, actions in kinds.items()
    ]
    return [*found, Permission("ListTags", ["sagemaker:ListTags"], list(names.values()), because=_ITS_OWN)]


def pass_itself(role: iam.IRole) -> Permission:
    """Return what Autopilot takes to run its jobs with the role that it was given."""
    return Permission(
        "PassItself",
        ["iam:PassRole"],
        [role.role_arn],
        {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
    )


def start(place: Place, key: kms.IKey) -> list[Permission]:
    """Return what a pipeline takes to start and follow a search: in the network, encrypted with the key."""
    arn = place.arn("sagemaker", "automl-job", "pipelines-*")
    conditions: dict[str, dict[str, object]] = {
        "Bool": {"sagemaker:InterContainerTrafficEncryption": "true"},
        "ArnEquals": {"sagemaker:OutputKmsKey": key.key_arn, "sagemaker:VolumeKmsKey": key.key_arn},
        "ForAllValues:StringEquals": {
            "sagemaker:VpcSecurityGroupIds": list(place.security_group_ids),
            "sagemaker:VpcSubnets": list(place.subnet_ids),
        },
        "Null": {"sagemaker:VpcSecurityGroupIds": "false", "sagemaker:VpcSubnets": "false"},
    }
    because = "SageMaker names a step's job `pipelines-EXECUTION-STEP-…` when it runs."
    follow = ["sagemaker:DescribeAutoMLJob", "sagemaker:StopAutoMLJob"]
    return [
        Permission("StartAutoML", ["sagemaker:CreateAutoMLJob"], [arn], conditions, because=because),
        Permission("FollowAutoML", follow, [arn], because=because),
        Permission("TagAutoML", ["sagemaker:AddTags"], [arn], because=because),
    ]
