"""Workbench: where data scientists work, notebook instances and a Studio domain; none until they are named."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from infra import names, wheels
from infra.constructs.notebook import Notebook
from infra.constructs.notebook_lifecycle import NotebookLifecycle
from infra.constructs.policy import Policy
from infra.constructs.studio_domain import StudioDomain
from infra.permissions import workbench as permissions
from infra.permissions.place import Place
from infra.stacks.foundation import Foundation, FoundedStack

_USER, _WORK = "ec2-user", "/home/ec2-user/SageMaker"
# SageMaker clones a repository when a notebook is made; every five seconds is looked for it, for five minutes.
_CLONE_TRIES = 60


class WorkbenchStack(FoundedStack):
    """Notebooks, what they do when they start, and what they may do beside a data scientist's work."""

    def __init__(self, scope: Construct, id_: str, foundation: Foundation) -> None:
        super().__init__(
            scope, id_, foundation, description="notebook instances and a Studio domain, for data scientists."
        )
        self._settings = self._environment.workbench
        network = self._network
        self._place = Place(self, network.subnet_ids, [network.notebook_security_group_id], vpc_id=None)

        lifecycle = NotebookLifecycle(self, "Lifecycle", settings=self._at_start())
        repository = self._repository()
        policy = self._policy()
        for owner in self._settings.notebooks:
            notebook = self._notebook(owner, lifecycle, repository)
            # It clones the repository while it is made.
            notebook.node.add_dependency(policy)
        if self._settings.studio is not None:
            self._studio()

    def _at_start(self) -> dict[str, str]:
        """Return what the programs of infra/workbench are told."""
        settings = self._settings
        return {
            "CLONE_TRIES": str(_CLONE_TRIES),
            "IDLE_MINUTES": str(settings.idle_minutes),
            "LOCK_SHA256": wheels.digest(),
            "NOTEBOOK_USER": _USER,
            "PACKAGES": settings.packages,
            "PYTHON_VERSION": wheels.PYTHON,
            "REGION": self.region,
            "REPOSITORY_URL": settings.repository.url if settings.repository else "",
            "WHEELS_URI": f"s3://{self._data.artifacts.bucket_name}/{wheels.prefix()}",
            "WORK": _WORK,
        }

    def _repository(self) -> sagemaker.CfnCodeRepository | None:
        repository = self._settings.repository
        if repository is None:
            return None
        return sagemaker.CfnCodeRepository(
            self,
            "Repository",
            git_config=sagemaker.CfnCodeRepository.GitConfigProperty(
                repository_url=repository.url, branch=repository.branch, secret_arn=repository.secret
            ),
        )

    def _policy(self) -> Policy:
        allowed = [permissions.stop_idle(self._place, self._environment.name)]
        clone = permissions.clone(self._place, self._settings.repository) if self._settings.repository else None
        return Policy(
            self,
            "Notebooks",
            description="Notebooks stop when they are idle, and clone their repository",
            role=self._identity.notebook,
            permissions=[*allowed, clone] if clone else allowed,
        )

    def _notebook(
        self, owner: str, lifecycle: NotebookLifecycle, repository: sagemaker.CfnCodeRepository | None
    ) -> Notebook:
        settings, own = self._settings, self._settings.notebooks[owner]
        notebook = Notebook(
            self,
            f"Notebook-{owner}",
            owner=owner,
            instance_type=own.instance_type or settings.instance_type,
            volume_gib=own.volume_gib or settings.volume_gib,
            subnet_id=self._network.subnet_ids[own.zone - 1],
            security_group_id=self._network.notebook_security_group_id,
            role_arn=self._identity.notebook.role_arn,
            key=self._data.artifact_key.key,
            lifecycle_name=lifecycle.name,
            repository_name=repository.attr_code_repository_name if repository else None,
        )
        title = "".join(part.capitalize() for part in owner.split("-"))
        cdk.CfnOutput(self, f"NotebookOf{title}", value=notebook.instance.attr_notebook_instance_name)
        return notebook

    def _studio(self) -> None:
        settings, repository = self._settings, self._settings.repository
        assert settings.studio is not None  # noqa: S101 - for the type checker
        studio = StudioDomain(
            self,
            "Studio",
            name=names.stack_name(self._environment.name, "studio"),
            users=settings.studio.users,
            idle_minutes=settings.studio.idle_minutes,
            most_volume_gib=settings.volume_gib,
            vpc_id=self._network.vpc_id,
            subnet_ids=self._network.subnet_ids,
            security_group_id=self._network.notebook_security_group_id,
            role_arn=self._identity.notebook.role_arn,
            key=self._data.artifact_key.key,
            repository_url=repository.url if repository else None,
        )
        Policy(
            self,
            "Spaces",
            description="People run apps in private spaces of their own",
            role=self._identity.notebook,
            permissions=permissions.studio(self._place, studio.domain.attr_domain_id),
        )
        cdk.CfnOutput(self, "StudioDomainId", value=studio.domain.attr_domain_id)
