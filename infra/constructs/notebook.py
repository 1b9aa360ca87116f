"""A notebook instance: private, encrypted, without root, and kept when its stack goes."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from infra.compliance.acknowledge import acknowledge

PLATFORM = "notebook-al2023-v1"
"""Amazon Linux 2023; those with Amazon Linux 2 have not started any more since July 2026."""


class Notebook(Construct):
    """The notebook instance of a person or team.

    Its name is CloudFormation's choice: what was kept by ``destroy``, or in favour of a new one, does not stand in the
    way of the next. Its disk goes with it, so both are kept.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        owner: str,
        instance_type: str,
        volume_gib: int,
        subnet_id: str,
        security_group_id: str,
        role_arn: str,
        key: kms.IKey,
        lifecycle_name: str,
        repository_name: str | None,
    ) -> None:
        super().__init__(scope, id_)
        self.instance = sagemaker.CfnNotebookInstance(
            self,
            "Instance",
            default_code_repository=repository_name,
            direct_internet_access="Disabled",
            instance_metadata_service_configuration=sagemaker.CfnNotebookInstance.InstanceMetadataServiceConfigurationProperty(
                minimum_instance_metadata_service_version="2"
            ),
            instance_type=instance_type,
            kms_key_id=key.key_arn,
            lifecycle_config_name=lifecycle_name,
            platform_identifier=PLATFORM,
            role_arn=role_arn,
            root_access="Disabled",
            security_group_ids=[security_group_id],
            subnet_id=subnet_id,
            volume_size_in_gb=volume_gib,
        )
        acknowledge(
            self.instance,
            "CKV2_AWS_68",
            "The rule looks for the role in the same template. It stands in the identity stack, where each permission "
            "says what it is for, and no action has a `*`.",
        )
        self.instance.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        cdk.Tags.of(self).add("sageline:owner", owner)
