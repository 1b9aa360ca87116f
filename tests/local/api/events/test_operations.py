from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from local.client import client
from local.store.home import Home
from local.store.store import Store

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Home(tmp_path / "home"))


@pytest.fixture
def events(store: Store) -> EventBridgeClient:
    made: EventBridgeClient = client("events", store.home.root)
    return made


def test_events_are_recorded_and_those_that_do_not_fit_are_answered(events: EventBridgeClient, store: Store) -> None:
    answer = events.put_events(
        Entries=[
            {"Source": "mine", "DetailType": "Done", "Detail": '{"n": 1}', "Resources": ["arn:a"]},
            {"Source": "mine", "DetailType": "Done", "Detail": "[1]"},
            {"Source": "aws.sagemaker", "DetailType": "Done", "Detail": "{}"},
            {"DetailType": "Done", "Detail": "{}"},
        ]
    )
    assert answer["FailedEntryCount"] == 3
    assert [entry.get("ErrorCode") for entry in answer["Entries"]] == [
        None, "MalformedDetail", "NotAuthorizedForSource", "InvalidArgument",
    ]  # fmt: skip
    (event,) = store.events.after()
    assert (event["source"], event["detail-type"], event["detail"], event["resources"]) == (
        "mine",
        "Done",
        {"n": 1},
        ["arn:a"],
    )


def test_a_pattern_is_tried_on_an_event(events: EventBridgeClient) -> None:
    event = json.dumps({"source": "mine"})
    assert events.test_event_pattern(EventPattern='{"source": ["mine"]}', Event=event)["Result"] is True
    assert events.test_event_pattern(EventPattern='{"source": ["yours"]}', Event=event)["Result"] is False
    with pytest.raises(events.exceptions.InvalidEventPatternException, match="source must be an object, or a list"):
        events.test_event_pattern(EventPattern='{"source": "mine"}', Event=event)
