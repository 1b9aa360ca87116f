"""A Studio domain: in the private network alone, encrypted, with private spaces that stop when they are idle."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from config.settings.workbench import LEAST_VOLUME

_Domain = sagemaker.CfnDomain
_LEAST_IDLE_MINUTES = 60


class StudioDomain(Construct):
    """A domain and a profile for each of its users, whom IAM lets in.

    SageMaker keeps the domain's file system (EFS) when the domain is deleted.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        users: Sequence[str],
        idle_minutes: int,
        most_volume_gib: int,
        vpc_id: str,
        subnet_ids: Sequence[str],
        security_group_id: str,
        role_arn: str,
        key: kms.IKey,
        repository_url: str | None,
    ) -> None:
        super().__init__(scope, id_)
        stops = _Domain.AppLifecycleManagementProperty(
            idle_settings=_Domain.IdleSettingsProperty(
                idle_timeout_in_minutes=idle_minutes,
                lifecycle_management="ENABLED",
                # A user's own settings stay within these.
                max_idle_timeout_in_minutes=idle_minutes,
                min_idle_timeout_in_minutes=_LEAST_IDLE_MINUTES,
            )
        )
        repositories = [_Domain.CodeRepositoryProperty(repository_url=repository_url)] if repository_url else None
        self.domain = _Domain(
            self,
            "Domain",
            app_network_access_type="VpcOnly",
            auth_mode="IAM",
            default_user_settings=_Domain.UserSettingsProperty(
                code_editor_app_settings=_Domain.CodeEditorAppSettingsProperty(app_lifecycle_management=stops),
                default_landing_uri="studio::",
                execution_role=role_arn,
                jupyter_lab_app_settings=_Domain.JupyterLabAppSettingsProperty(
                    app_lifecycle_management=stops, code_repositories=repositories
                ),
                security_groups=[security_group_id],
                # Outputs of notebooks are not put into a bucket to be shared.
                sharing_settings=_Domain.SharingSettingsProperty(notebook_output_option="Disabled"),
                space_storage_settings=_Domain.DefaultSpaceStorageSettingsProperty(
                    default_ebs_storage_settings=_Domain.DefaultEbsStorageSettingsProperty(
                        default_ebs_volume_size_in_gb=LEAST_VOLUME, maximum_ebs_volume_size_in_gb=most_volume_gib
                    )
                ),
                studio_web_portal="ENABLED",
            ),
            domain_name=name,
            domain_settings=_Domain.DomainSettingsProperty(
                docker_settings=_Domain.DockerSettingsProperty(enable_docker_access="DISABLED"),
                security_group_ids=[security_group_id],
            ),
            kms_key_id=key.key_arn,
            subnet_ids=list(subnet_ids),
            tag_propagation="ENABLED",
            vpc_id=vpc_id,
        )
        for user in users:
            profile = sagemaker.CfnUserProfile(
                self, f"User-{user}", domain_id=self.domain.attr_domain_id, user_profile_name=user
            )
            cdk.Tags.of(profile).add("sageline:owner", user)
