"""moto lists and deletes composite alarms, and cannot make them."""

from __future__ import annotations

from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import EmptyResult


def repair() -> None:
    """Add PutCompositeAlarm."""
    assert not hasattr(CloudWatchResponse, "put_composite_alarm"), "moto makes them now: delete this module"
    setattr(CloudWatchResponse, "put_composite_alarm", _put)  # noqa: B010 - the class has no such attribute


def _put(response: CloudWatchResponse) -> EmptyResult:
    """Keep the alarm as moto keeps others, with a rule in a metric's place."""
    request = response._get_params()
    if suppressing := [name for name in request if name.startswith("ActionsSuppressor")]:
        raise NotImplementedError(f"The test support does not keep {', '.join(suppressing)}")
    response.cloudwatch_backend.put_metric_alarm(
        name=request["AlarmName"],
        namespace="",
        metric_name="",
        comparison_operator="",
        evaluation_periods=0,
        period=0,
        threshold=0,
        statistic="",
        description=request.get("AlarmDescription", ""),
        dimensions=[],
        alarm_actions=request.get("AlarmActions", []),
        ok_actions=request.get("OKActions", []),
        insufficient_data_actions=request.get("InsufficientDataActions", []),
        actions_enabled=request.get("ActionsEnabled", True),
        rule=request["AlarmRule"],
        tags=request.get("Tags"),
    )
    return EmptyResult()
