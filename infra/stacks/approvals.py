"""Approvals: decisions in the model registry, turned into deployments of the serving stacks."""

from __future__ import annotations

import json
from collections.abc import Mapping

import aws_cdk as cdk
from constructs import Construct

from config.environment import Environment
from infra import names
from infra.constructs.alarms import see
from infra.constructs.dead_letters import DeadLetters
from infra.constructs.deployment_news import STACK_EVENTS
from infra.constructs.function import Function
from infra.constructs.told_function import Told
from infra.permissions.deployment import deploy_approved
from infra.permissions.place import Place
from infra.stacks.data import DataStack
from infra.stacks.environment_stack import EnvironmentStack
from infra.stacks.network import NetworkStack
from infra.stacks.pipelines import PipelinesStack
from infra.stacks.serving import ServingStack
from pipeline.names import pipeline_name

NAME = "deploy-approved"


class ApprovalsStack(EnvironmentStack):
    """The function that deploys what was approved, and the rules that tell it of decisions and of deployments' ends."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        environment: Environment,
        data: DataStack,
        network: NetworkStack,
        pipelines: PipelinesStack,
        serving: Mapping[str, ServingStack],
    ) -> None:
        super().__init__(
            scope, id_, environment=environment, description="deploys what is approved in the model registry."
        )
        stacks = {pipeline_name(problem): stack.stack_name for problem, stack in sorted(serving.items())}
        types = sorted({type_ for stack in serving.values() for type_ in _resource_types(stack)})
        undelivered = DeadLetters(
            self,
            "Undelivered",
            key=data.operations_key,
            topic=pipelines.topic,
            what="A decision in the model registry, or the end of a deployment, could not be followed",
            more=see("a-decision-was-not-followed", environment.monitoring.runbook_url),
        )
        place = Place(self, network.subnet_ids, [network.function_security_group_id], vpc_id=None)
        function = Function(
            self,
            "DeployApproved",
            name=names.function_name(NAME),
            module=NAME.replace("-", "_"),
            description="Brings serving stacks to the version approved last, and back to the last good one",
            permissions=deploy_approved(place, list(stacks), list(stacks.values()), types),
            network=network,
            operations_key=data.operations_key,
            log_days=environment.pipelines.log_days,
            # One at a time: what one decision leads to, the next one sees.
            reserved_concurrency=1,
            timeout_seconds=300,
            environment={"RESOURCE_TYPES": json.dumps(types), "SERVING": json.dumps(stacks)},
            dead_letters=undelivered.queue,
        )
        decisions = Told(
            self,
            "Decisions",
            description="Tells of versions that are approved and rejected",
            pattern={
                "source": ["aws.sagemaker"],
                "detail-type": ["SageMaker Model Package State Change"],
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
