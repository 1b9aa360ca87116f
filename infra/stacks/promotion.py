"""Promotion: approved versions go on to other accounts, and come from one, and each account decides anew."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import Construct

from config.settings.promotion import Promotion, Source
from infra.constructs.alarms import see
from infra.constructs.dead_letters import DeadLetters
from infra.constructs.promotion_bus import Forward, PromotionBus, approvals
from infra.constructs.told_function import Told
from infra.permissions.promotion import promote
from infra.stacks.foundation import Foundation, FoundedStack
from infra.stacks.pipelines import PipelinesStack
from pipeline.names import pipeline_name


class PromotionStack(FoundedStack):
    """The rule that tells other accounts, and the bus and the function that are told by one."""

    def __init__(
        self, scope: Construct, id_: str, foundation: Foundation, *, promotion: Promotion, pipelines: PipelinesStack
    ) -> None:
        super().__init__(scope, id_, foundation, description="approved models, to and from other accounts.")
        self._groups = [pipeline_name(problem.name) for problem in self._problems]
        # Versions are registered in groups that are there.
        self.add_stack_dependency(pipelines)
        self._undelivered = DeadLetters(
            self,
            "Undelivered",
            key=self._data.operations_key,
            topic=pipelines.topic,
            what="An approved version could not be promoted to another account, or from one",
            more=see("a-model-was-not-promoted", self._environment.monitoring.runbook_url),
        )
        rules = [*self._tell(promotion.to), *(self._take(promotion.source) if promotion.source is not None else ())]
        self._undelivered.admit(rules)

    def _tell(self, accounts: Sequence[str]) -> list[str]:
        """Tell accounts of what is approved; return the rule's ARN."""
        if not accounts:
            return []
        pattern = approvals(self._groups, self.account)
        forward = Forward(self, "Forward", pattern=pattern, accounts=accounts, dead_letters=self._undelivered)
        return [forward.rule.attr_arn]

    def _take(self, source: Source) -> list[str]:
        """Register what another account tells of; return the rule's ARN."""
        bus = PromotionBus(self, "Promotions", account=source.account)
        data = self._data
        function = self._function(
            "promote",
            "Registers versions that another account has approved",
            promote(self._functions_place, self._groups, source, data.artifacts, data.artifact_key.key),
            timeout_seconds=300,
            # An event that comes twice finds what the first has made.
            one_at_a_time=True,
            environment={
                "ACCOUNT": self.account,
                "APPROVAL": "PendingManualApproval" if source.approval else "Approved",
                "BUCKET": data.artifacts.bucket_name,
            },
            dead_letters=self._undelivered,
        )
        told = Told(
            self,
            "Approvals",
            description="Tells of versions that another account has approved",
            pattern=approvals(self._groups, source.account),
            function=function,
            dead_letters=self._undelivered,
            bus=bus.bus.ref,
        )
        return [told.rule.attr_arn]
