"""The role that jobs of one repository's deployment environment on GitHub take on, without stored keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.policy import Permission, Policy

ISSUER = "token.actions.githubusercontent.com"
_AUDIENCE = "sts.amazonaws.com"


class GitHubRole(Construct):
    """A role for jobs that run in one deployment environment of a repository, and in no other.

    GitHub's token for such a job names the deployment environment and not the branch: which branches may deploy, and
    who approves, are that environment's rules on GitHub. Pull requests from forks get no token.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        repository: str,
        deployment_environment: str,
        provider_arn: str | None,
        session_hours: int,
        policies: Mapping[str, Sequence[Permission]],
    ) -> None:
        super().__init__(scope, id_)
        trusted = {
            f"{ISSUER}:aud": _AUDIENCE,
            f"{ISSUER}:sub": f"repo:{repository}:environment:{deployment_environment}",
        }
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.WebIdentityPrincipal(provider_arn or self._provider(), {"StringEquals": trusted}),
            description=f"Deploys from {repository}, environment {deployment_environment}, on GitHub",
            max_session_duration=cdk.Duration.hours(session_hours),
        )
        for name, permissions in policies.items():
            Policy(self, name, description=f"Deploys from GitHub: {name}", permissions=permissions, role=self.role)

    def _provider(self) -> str:
        """Make GitHub known to the account; AWS checks its certificate by itself, so that no thumbprint is needed."""
        provider = iam.CfnOIDCProvider(self, "Provider", client_id_list=[_AUDIENCE], url=f"https://{ISSUER}")
        return provider.attr_arn
