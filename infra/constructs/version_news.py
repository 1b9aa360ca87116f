"""What people are told of versions that wait for a decision: registered by a run, or promoted from another account."""

from __future__ import annotations

from infra import names
from infra.constructs.dead_letters import DeadLetters
from infra.constructs.failure_topic import FailureTopic

REGISTRY_EVENTS = "SageMaker Model Package State Change"


def tell_of_waiting(topic: FailureTopic, *, environment: str, dead_letters: DeadLetters) -> str:
    """Tell of each version that is pending, with the command that approves it; return the rule's ARN.

    SageMaker may send several events for one change, and sends one for a change of a pending version's metadata: word
    of a version may come again, and is never missed.
    """
    rule = topic.announce(
        "VersionWaits",
        description="Tells of versions of models that wait for approval",
        pattern={
            "source": ["aws.sagemaker"],
            "detail-type": [REGISTRY_EVENTS],
            "detail": {
                "ModelApprovalStatus": ["PendingManualApproval"],
                "ModelPackageGroupName": [{"prefix": f"{names.PREFIX}-"}],
            },
        },
        values={
            "account": "$.account",
            "group": "$.detail.ModelPackageGroupName",
            "package": "$.detail.ModelPackageArn",
            "region": "$.region",
            "time": "$.time",
            "version": "$.detail.ModelPackageVersion",
        },
        message=f"{names.PREFIX} {environment}: version <version> of <group> in account <account>, region <region>, "
        "waits for approval since <time>. "
        f"Approve it by `sageline approve <package> --env {environment}`, or reject it by `sageline reject <package> "
        f"--env {environment}`.",
        dead_letters=dead_letters,
    )
    return rule.attr_arn
