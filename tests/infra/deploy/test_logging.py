"""Whoever writes logs may write to the streams of the group that was made for them."""

from __future__ import annotations

from tests.infra.deploy.deployed import Deployed
from tests.infra.deploy.test_identity import statements
from tests.support.iam import ALLOWED, NOT_ALLOWED, Call, decision

WRITING = ("logs:CreateLogStream", "logs:PutLogEvents")


def test_every_function_may_write_to_its_own_log_and_to_no_other(deployed: Deployed) -> None:
    functions = deployed.client("lambda").list_functions()["Functions"]
    assert functions
    for each in functions:
        granted = statements(deployed, each["Role"].rpartition("/")[2])
        group = f"/aws/lambda/{each['FunctionName']}"
        for action in WRITING:
            assert decision(granted, Call(action, stream(deployed, group))) == ALLOWED, (each["FunctionName"], action)
            assert decision(granted, Call(action, stream(deployed, f"{group}-other"))) == NOT_ALLOWED


def test_the_trail_and_the_flow_logs_may_be_written_down(deployed: Deployed) -> None:
    for stack in ("data", "network"):
        granted = statements(deployed, deployed.one(stack, "AWS::IAM::Role"))
        group = deployed.one(stack, "AWS::Logs::LogGroup")
        for action in WRITING:
            assert decision(granted, Call(action, stream(deployed, group))) == ALLOWED, (stack, action)


def stream(deployed: Deployed, group: str) -> str:
    """The ARN of a stream of a log group, as calls that write to it name it."""
    server = deployed.server
    return f"arn:aws:logs:{server.region}:{server.account}:log-group:{group}:log-stream:2026/01/01/[$LATEST]0a1b2c3d"
