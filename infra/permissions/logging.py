"""The places of logs that somebody writes."""

from __future__ import annotations

from aws_cdk import aws_logs as logs

from infra.constructs.home import home


def streams(group: logs.LogGroup) -> str:
    """Return the ARN of a log group's streams.

    It is not the group's own with more behind it: that one ends in `:*`, and matches no stream with anything added.
    """
    return home(group).arn("logs", f"log-group:{group.log_group_name}:log-stream:*")
