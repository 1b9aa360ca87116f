"""One environment: its stacks, and what each is given of the others."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import aws_cdk as cdk
from constructs import Construct

from config.environment import Environment
from config.problem import Problem
from infra.stacks.approvals import ApprovalsStack
from infra.stacks.data import DataStack
from infra.stacks.foundation import Foundation
from infra.stacks.identity import IdentityStack
from infra.stacks.monitoring import MonitoringStack
from infra.stacks.network import NetworkStack
from infra.stacks.pipelines import PipelinesStack
from infra.stacks.promotion import PromotionStack
from infra.stacks.serving import ServingStack
from infra.stacks.workbench import WorkbenchStack

if TYPE_CHECKING:
    from infra.stacks.delivery import DeliveryStack


class Platform(cdk.Stage):
    """Everything that one environment consists of, in its account and region; ``cdk deploy "NAME/*"`` deploys it.

    Each stack is made when it is first asked for, with the stacks that it needs; ``build`` asks for all of them. Grants
    from one stack to another are wired here and in the stacks, never inside constructs.
    """

    def __init__(self, scope: Construct, environment: Environment, problems: Sequence[Problem]) -> None:
        super().__init__(
            scope,
            environment.name,
            env=cdk.Environment(account=environment.account, region=environment.region),
            permissions_boundary=_boundary(environment.identity.permissions_boundary),
        )
        self.environment = environment
        self.problems = tuple(problems)
        cdk.Tags.of(self).add("sageline:environment", environment.name)

    def build(self) -> None:
        """Make every stack."""
        _ = self.data, self.network, self.identity, self.pipelines, self.workbench, self.serving, self.monitoring
        _ = self.approvals, self.delivery, self.promotion

    @cached_property
    def data(self) -> DataStack:
        """Keys, buckets and the trail."""
        return DataStack(self, "Data", environment=self.environment)

    @cached_property
    def network(self) -> NetworkStack:
        """The private network."""
        return NetworkStack(self, "Network", environment=self.environment, operations_key=self.data.operations_key)

    @cached_property
    def identity(self) -> IdentityStack:
        """The roles of jobs."""
        return IdentityStack(
            self,
            "Identity",
            environment=self.environment,
            problems=self.problems,
            data=self.data,
            network=self.network,
        )

    @cached_property
    def foundation(self) -> Foundation:
        """The environment, and what its other stacks build on."""
        return Foundation(self.environment, self.problems, self.data, self.network, self.identity)

    @cached_property
    def pipelines(self) -> PipelinesStack:
        """A pipeline for each problem, what starts it, and who is told when it fails."""
        return PipelinesStack(self, "Pipelines", self.foundation)

    @cached_property
    def serving(self) -> dict[str, ServingStack]:
        """The endpoints of approved models, by the names of the problems that are served."""
        return {
            problem.name: ServingStack(
                self, f"Serving-{problem.name.replace('_', '-')}", self.foundation, problem=problem
            )
            for problem in self.problems
            if problem.name in self.environment.serving
        }

    @cached_property
    def workbench(self) -> WorkbenchStack:
        """Notebooks and Studio."""
        return WorkbenchStack(self, "Workbench", self.foundation)

    @cached_property
    def monitoring(self) -> MonitoringStack:
        """What is watched, and who is told."""
        return MonitoringStack(self, "Monitoring", self.foundation, pipelines=self.pipelines)

    @cached_property
    def delivery(self) -> DeliveryStack | None:
        """Who deploys the environment by a git push; None where nobody is configured to."""
        if self.environment.delivery is None:
            return None
        from infra.stacks.delivery import DeliveryStack  # noqa: PLC0415 - most environments do without its services

        return DeliveryStack(
            self,
            "Delivery",
            environment=self.environment,
            delivery=self.environment.delivery,
            problems=self.problems,
            data=self.data,
        )

    @cached_property
    def promotion(self) -> PromotionStack | None:
        """What takes approved models to other accounts and from another; None where nothing is configured."""
        promotion = self.environment.promotion
        if promotion is None or not (promotion.to or promotion.source):
            return None
        return PromotionStack(self, "Promotion", self.foundation, promotion=promotion, pipelines=self.pipelines)

    @cached_property
    def approvals(self) -> ApprovalsStack | None:
        """What deploys approved models; None where none is served."""
        if not self.serving:
            return None
        return ApprovalsStack(self, "Approvals", self.foundation, pipelines=self.pipelines, serving=self.serving)


def _boundary(policy: str | None) -> cdk.PermissionsBoundary | None:
    """Return what bounds every role of the stage."""
    if policy is None:
        return None
    return cdk.PermissionsBoundary.from_arn(policy) if ":" in policy else cdk.PermissionsBoundary.from_name(policy)
