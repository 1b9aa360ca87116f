"""What people are told of the deployments that approvals and rejections start."""

from __future__ import annotations

from infra.constructs.dead_letters import DeadLetters
from infra.constructs.failure_topic import FailureTopic

STACK_EVENTS = "CloudFormation Stack Status Change"
WENT_BACK = "sageline-back-"
"""What the tokens of deployments start with that go back to the last good version (functions/deploy_approved.py)."""


def tell_of_deployments(
    failures: FailureTopic, *, environment: str, stacks: str, dead_letters: DeadLetters
) -> list[str]:
    """Tell of deployments that failed, and of endpoints that went back, of stacks whose ARNs start so.

    Returns:
        the rules' ARNs.
    """
    failed = failures.announce(
        "DeploymentFailed",
        description="Tells of deployments of endpoints that fail",
        pattern={
            "source": ["aws.cloudformation"],
            "detail-type": [STACK_EVENTS],
            "detail": {
                "stack-id": [{"prefix": stacks}],
                "status-details": {"status": ["UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED"]},
            },
        },
        values={"stack": "$.detail.stack-id", "status": "$.detail.status-details.status", "time": "$.time"},
        message=f"sageline {environment}: a deployment of <stack> failed at <time>: <status>. Where it was rolled "
        "back, the endpoint serves what it served before, and a version that was to be deployed is rejected, with the "
        "reason. The events say more: aws cloudformation describe-stack-events --stack-name <stack>",
        dead_letters=dead_letters,
    )
    back = failures.announce(
        "WentBack",
        description="Tells of endpoints that went back since what they served was rejected",
        pattern={
            "source": ["aws.cloudformation"],
            "detail-type": [STACK_EVENTS],
            "detail": {
                "client-request-token": [{"prefix": WENT_BACK}],
                "stack-id": [{"prefix": stacks}],
                "status-details": {"status": ["UPDATE_COMPLETE"]},
            },
        },
        values={"stack": "$.detail.stack-id", "time": "$.time"},
        message=f"sageline {environment}: the version that <stack> served was rejected, and since <time> it serves the "
        "last good one before.",
        dead_letters=dead_letters,
    )
    return [failed.attr_arn, back.attr_arn]
