"""The model registry of one problem: the group of its model packages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from config.problem import Problem
from infra.constructs.home import home
from pipeline.names import pipeline_name

_VERSIONS = ["sagemaker:DescribeModelPackage"]
_GROUP = ["sagemaker:DescribeModelPackageGroup", "sagemaker:ListModelPackages"]


class ModelGroup(Construct):
    """A model package group, kept when its stack goes, with all its versions.

    ``readers`` are accounts that may read its versions, as those to which models are promoted must.
    """

    def __init__(self, scope: Construct, id_: str, *, problem: Problem, readers: Sequence[str] = ()) -> None:
        super().__init__(scope, id_)
        name = pipeline_name(problem.name)
        self.versions_arn = home(self).arn("sagemaker", f"model-package/{name}/*")
        arn = home(self).arn("sagemaker", f"model-package-group/{name}")
        self.group = sagemaker.CfnModelPackageGroup(
            self,
            "Group",
            model_package_group_description=problem.goal,
            model_package_group_name=name,
            model_package_group_policy=self._policy(arn, readers) if readers else None,
        )
        self.group.apply_removal_policy(cdk.RemovalPolicy.RETAIN)

    def _policy(self, arn: str, readers: Sequence[str]) -> dict[str, Any]:
        partition = home(self).partition
        accounts = {"AWS": [f"arn:{partition}:iam::{account}:root" for account in readers]}
        return {
            "Version": "2012-10-17",
            "Statement": [
                {"Sid": sid, "Effect": "Allow", "Principal": accounts, "Action": actions, "Resource": resource}
                for sid, actions, resource in (
                    ("ReadGroup", _GROUP, arn),
                    ("ReadVersions", _VERSIONS, self.versions_arn),
                )
            ],
        }
