"""Rules and targets through boto3, and real functions and queues that they lead to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from local.client import client
from local.functions.wake import settle
from local.store.home import Home
from local.store.store import Store
from tests.support.functions import register

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

NOTING = """
import json, pathlib
def handler(event, context):
    with pathlib.Path(__file__).with_name("noted").open("a") as file:
        file.write(json.dumps(event) + "\\n")
"""
PATTERN = json.dumps({"source": ["mine"]})
RULE_ARN = "arn:aws:events:us-east-1:000000000000:rule/r"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Home(tmp_path / "home"))


@pytest.fixture
def events(store: Store) -> EventBridgeClient:
    made: EventBridgeClient = client("events", store.home.root)
    return made


@pytest.fixture
def function(store: Store) -> str:
    return register(store, "noting", NOTING).arn


def noted(store: Store) -> list[Any]:
    assert settle(store, 60)
    file = store.home.root / "code" / "noting" / "noted"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def put(events: EventBridgeClient, number: int) -> None:
    detail = json.dumps({"number": number})
    answer = events.put_events(Entries=[{"Source": "mine", "DetailType": "Done", "Detail": detail}])
    assert answer["FailedEntryCount"] == 0


def numbers(store: Store) -> list[int]:
    return [event["detail"]["number"] for event in noted(store)]


def test_a_rule_sends_what_matches_to_its_target_from_the_moment_it_has_it(
    events: EventBridgeClient, store: Store, function: str
) -> None:
    put(events, 1)
    assert events.put_rule(Name="r", EventPattern=PATTERN)["RuleArn"] == RULE_ARN
    put(events, 2)
    answer = events.put_targets(Rule="r", Targets=[{"Id": "f", "Arn": function}])
    assert (answer["FailedEntryCount"], answer["FailedEntries"]) == (0, [])
    put(events, 3)
    events.put_events(Entries=[{"Source": "yours", "DetailType": "Done", "Detail": "{}"}])
    assert numbers(store) == [3]


def test_a_rule_that_is_switched_off_sends_nothing_and_nothing_is_made_up_for(
    events: EventBridgeClient, store: Store, function: str
) -> None:
    events.put_rule(Name="r", EventPattern=PATTERN)
    events.put_targets(Rule="r", Targets=[{"Id": "f", "Arn": function}])
    events.disable_rule(Name="r")
    assert events.describe_rule(Name="r")["State"] == "DISABLED"
    put(events, 1)
    events.enable_rule(Name="r")
    put(events, 2)
    assert numbers(store) == [2]
    events.remove_targets(Rule="r", Ids=["f"])
    put(events, 3)
    assert numbers(store) == [2]


def test_two_rules_reach_the_same_function_each_by_itself_and_shape_what_it_gets(
    events: EventBridgeClient, store: Store, function: str
) -> None:
    for name, shape in (("a", {"InputPath": "$.detail.number"}), ("b", {"Input": '"fixed"'})):
        events.put_rule(Name=name, EventPattern=PATTERN)
        events.put_targets(Rule=name, Targets=[{"Id": "f", "Arn": function, **shape}])  # type: ignore[list-item]
    put(events, 7)
    assert sorted(noted(store), key=str) == [7, "fixed"]


def test_a_queue_is_a_target_too(events: EventBridgeClient, store: Store) -> None:
    sqs = client("sqs", store.home.root)
    url = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="r", EventPattern=PATTERN)
    events.put_targets(Rule="r", Targets=[{"Id": "q", "Arn": arn}])
    put(events, 5)
    assert settle(store, 60)
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert json.loads(message["Body"])["detail"] == {"number": 5}


def test_rules_and_targets_are_described_and_listed(events: EventBridgeClient, function: str) -> None:
    for name in ("b-2", "a-1", "b-1"):
        events.put_rule(Name=name, EventPattern=PATTERN, Description="why", Tags=[{"Key": "team", "Value": name}])
    events.put_targets(Rule="b-1", Targets=[{"Id": "two", "Arn": function}, {"Id": "one", "Arn": function}])
    first = events.list_rules(NamePrefix="b-", Limit=1)
    second = events.list_rules(NamePrefix="b-", Limit=1, NextToken=first["NextToken"])
    assert [rule["Name"] for rule in first["Rules"] + second["Rules"]] == ["b-1", "b-2"]
    assert "NextToken" not in second
    described = events.describe_rule(Name="b-1")
    assert {key: described[key] for key in ("Name", "State", "EventPattern", "Description", "EventBusName")} == {
        "Name": "b-1", "State": "ENABLED", "EventPattern": PATTERN, "Description": "why", "EventBusName": "default",
    }  # fmt: skip
    assert [each["Id"] for each in events.list_targets_by_rule(Rule="b-1")["Targets"]] == ["one", "two"]
    assert events.list_rule_names_by_target(TargetArn=function)["RuleNames"] == ["b-1"]
    assert events.list_tags_for_resource(ResourceARN=described["Arn"])["Tags"] == [{"Key": "team", "Value": "b-1"}]
    events.tag_resource(ResourceARN=described["Arn"], Tags=[{"Key": "x", "Value": "y"}])
    events.untag_resource(ResourceARN=described["Arn"], TagKeys=["team"])
    assert events.list_tags_for_resource(ResourceARN=described["Arn"])["Tags"] == [{"Key": "x", "Value": "y"}]


def test_a_changed_rule_keeps_its_targets_and_a_deleted_one_must_have_none(
    events: EventBridgeClient, function: str
) -> None:
    events.put_rule(Name="r", EventPattern=PATTERN)
    events.put_targets(Rule="r", Targets=[{"Id": "f", "Arn": function}])
    events.put_rule(Name="r", EventPattern='{"source": ["yours"]}')
    assert [each["Id"] for each in events.list_targets_by_rule(Rule="r")["Targets"]] == ["f"]
    with pytest.raises(ClientError, match="Rule can't be deleted since it has targets"):
        events.delete_rule(Name="r")
    answer = events.remove_targets(Rule="r", Ids=["f", "g"])
    assert [entry["TargetId"] for entry in answer["FailedEntries"]] == ["g"]
    events.delete_rule(Name="r")
    events.delete_rule(Name="r")
    assert events.list_rules()["Rules"] == []


def test_what_cannot_be_kept_is_refused_with_the_services_codes(events: EventBridgeClient, function: str) -> None:
    events.put_rule(Name="r", EventPattern=PATTERN)
    exceptions = events.exceptions
    with pytest.raises(exceptions.ResourceNotFoundException, match="Rule nope does not exist on EventBus default"):
        events.put_targets(Rule="nope", Targets=[{"Id": "f", "Arn": function}])
    with pytest.raises(exceptions.ResourceNotFoundException, match="Event bus other does not exist"):
        events.list_rules(EventBusName="other")
    with pytest.raises(exceptions.InvalidEventPatternException, match="source must be an object, or a list"):
        events.put_rule(Name="r", EventPattern='{"source": "mine"}')
    with pytest.raises(exceptions.InvalidEventPatternException, match="Event pattern is not valid"):
        events.put_rule(Name="r", EventPattern="{")
    with pytest.raises(ClientError, match="must be specified"):
        events.put_rule(Name="r")
    with pytest.raises(ClientError, match="The laptop keeps no schedules"):
        events.put_rule(Name="r", ScheduleExpression="rate(1 day)")
    with pytest.raises(ClientError, match=r"The target x \(arn:aws:sns:us-east-1:000000000000:t\) is neither"):
        events.put_targets(Rule="r", Targets=[{"Id": "x", "Arn": "arn:aws:sns:us-east-1:000000000000:t"}])
    with pytest.raises(ClientError, match="Input is not JSON"):
        events.put_targets(Rule="r", Targets=[{"Id": "x", "Arn": function, "Input": "{"}])
    with pytest.raises(exceptions.LimitExceededException, match="at most 5 targets"):
        events.put_targets(Rule="r", Targets=[{"Id": str(number), "Arn": function} for number in range(6)])
    assert events.list_targets_by_rule(Rule="r")["Targets"] == []
