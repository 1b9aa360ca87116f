"""Approvals: decisions in the model registry, turned into deployments of the serving stacks."""

from __future__ import annotations

import json
from collections.abc import Mapping

import aws_cdk as cdk
from constructs import Construct

from infra.constructs.alarms import see
from infra.constructs.dead_letters import DeadLetters
from infra.constructs.deployment_news import STACK_EVENTS
from infra.constructs.told_function import Told
from infra.constructs.version_news import REGISTRY_EVENTS
from infra.permissions.deployment import deploy_approved
from infra.stacks.foundation import Foundation, FoundedStack
from infra.stacks.pipelines import PipelinesStack
from infra.stacks.serving import ServingStack
from pipeline.names import pipeline_name


class ApprovalsStack(FoundedStack):
    """The function that deploys what was approved, and the rules that tell it of decisions and of deployments' ends."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        foundation: Foundation,
        *,
        pipelines: PipelinesStack,
        serving: Mapping[str, ServingStack],
    ) -> None:
        super().__init__(scope, id_, foundation, description="deploys what is approved in the model registry.")
        stacks = {pipeline_name(problem): stack.stack_name for problem, stack in sorted(serving.items())}
        types = sorted({type_ for stack in serving.values() for type_ in _resource_types(stack)})
        undelivered = DeadLetters(
            self,
            "Undelivered",
            key=self._data.operations_key,
            topic=pipelines.topic,
            what="A decision in the model registry, or the end of a deployment, could not be followed",
            more=see("a-decision-was-not-followed", self._environment.monitoring.runbook_url),
        )
        place = self._functions_place
        function = self._function(
            "deploy-approved",
            "Brings serving stacks to the version approved last, and back to the last good one",
            deploy_approved(place, list(stacks), list(stacks.values()), types),
            timeout_seconds=300,
            # What one decision leads to, the next one sees.
            one_at_a_time=True,
            environment={"RESOURCE_TYPES": json.dumps(types), "SERVING": json.dumps(stacks)},
            dead_letters=undelivered,
        )
        decisions = Told(
            self,
            "Decisions",
            description="Tells of versions that are approved and rejected",
            pattern={
                "source": ["aws.sagemaker"],
                "detail-type": [REGISTRY_EVENTS],
                "detail": {
                    "ModelApprovalStatus": ["Approved", "Rejected"],
                    "ModelPackageGroupName": list(stacks),
                },
            },
            function=function,
            dead_letters=undelivered,
        )
        deployments = Told(
            self,
            "Deployments",
            description="Tells of serving stacks' deployments that have ended",
            pattern={
                "source": ["aws.cloudformation"],
                "detail-type": [STACK_EVENTS],
                "detail": {
                    "stack-id": [
                        {"prefix": place.arn("cloudformation", "stack", f"{each}/")} for each in stacks.values()
                    ],
                    "status-details": {"status": ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"]},
                },
            },
            function=function,
            dead_letters=undelivered,
        )
        undelivered.admit([decisions.rule.attr_arn, deployments.rule.attr_arn])


def _resource_types(stack: cdk.Stack) -> set[str]:
    return {each.cfn_resource_type for each in stack.node.find_all() if isinstance(each, cdk.CfnResource)}
