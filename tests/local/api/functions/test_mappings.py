"""Event source mappings through boto3: real queues that feed real functions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local.client import client
from local.functions.wake import settle
from local.store.home import Home
from local.store.store import Store
from tests.support.functions import register
from tests.support.pipelines import await_value

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sqs import SQSClient

NOTING = """
import json, pathlib
def handler(event, context):
    bodies = [record["body"] for record in event["Records"]]
    with pathlib.Path(__file__).with_name("noted").open("a") as file:
        file.write(json.dumps(bodies) + "\\n")
    failed = [record["messageId"] for record in event["Records"] if record["body"] == "bad"]
    return {"batchItemFailures": [{"itemIdentifier": name} for name in failed]}
"""
QUEUE_ARN = "arn:aws:sqs:us-east-1:000000000000:work"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(Home(tmp_path / "home"))
    register(made, "noting", NOTING, timeout=20.0)
    return made


@pytest.fixture
def functions(store: Store) -> LambdaClient:
    made: LambdaClient = client("lambda", store.home.root)
    return made


@pytest.fixture
def sqs(store: Store) -> SQSClient:
    made: SQSClient = client("sqs", store.home.root)
    return made


@pytest.fixture
def queue(sqs: SQSClient) -> str:
    return sqs.create_queue(QueueName="work")["QueueUrl"]


def noted(store: Store) -> list[Any]:
    file = store.home.root / "code" / "noting" / "noted"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def visible(sqs: SQSClient, queue: str) -> int:
    wanted = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])
    return int(wanted["Attributes"]["ApproximateNumberOfMessages"])


def test_messages_that_wait_and_those_that_come_are_fed_in_batches(
    functions: LambdaClient, sqs: SQSClient, queue: str, store: Store
) -> None:
    for number in range(3):
        sqs.send_message(QueueUrl=queue, MessageBody=str(number))
    made = functions.create_event_source_mapping(EventSourceArn=QUEUE_ARN, FunctionName="noting", BatchSize=2)
    assert settle(store, 60)
    assert noted(store) == [["0", "1"], ["2"]]
    sqs.send_message(QueueUrl=queue, MessageBody="3")
    assert settle(store, 60)
    assert noted(store)[-1] == ["3"]
    assert visible(sqs, queue) == 0
    assert (made["State"], made["BatchSize"], made["EventSourceArn"]) == ("Enabled", 2, QUEUE_ARN)


def test_a_mapping_that_is_off_leaves_the_messages_where_they_are(
    functions: LambdaClient, sqs: SQSClient, queue: str, store: Store
) -> None:
    made = functions.create_event_source_mapping(EventSourceArn=QUEUE_ARN, FunctionName="noting", Enabled=False)
    assert made["State"] == "Disabled"
    sqs.send_message(QueueUrl=queue, MessageBody="a")
    assert settle(store, 60)
    assert (noted(store), visible(sqs, queue)) == ([], 1)
    changed = functions.update_event_source_mapping(UUID=made["UUID"], Enabled=True)
    assert changed["State"] == "Enabled"
    assert settle(store, 60)
    assert noted(store) == [["a"]]
    assert functions.delete_event_source_mapping(UUID=made["UUID"])["State"] == "Deleting"
    sqs.send_message(QueueUrl=queue, MessageBody="b")
    assert settle(store, 60)
    assert visible(sqs, queue) == 1


def test_the_messages_that_a_function_names_as_failed_alone_come_again(
    functions: LambdaClient, sqs: SQSClient, store: Store
) -> None:
    url = sqs.create_queue(QueueName="work", Attributes={"VisibilityTimeout": "1"})["QueueUrl"]
    made = functions.create_event_source_mapping(
        EventSourceArn=QUEUE_ARN, FunctionName="noting", FunctionResponseTypes=["ReportBatchItemFailures"]
    )
    sqs.send_message_batch(
        QueueUrl=url,
        Entries=[{"Id": "1", "MessageBody": "good"}, {"Id": "2", "MessageBody": "bad", "DelaySeconds": 0}],
    )
    assert made["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    await_value(lambda: len([batch for batch in noted(store) if "bad" in batch]) > 1, "the bad message to come again")
    functions.delete_event_source_mapping(UUID=made["UUID"])
    assert [batch for batch in noted(store) if "good" in batch] == [noted(store)[0]]


def test_mappings_are_described_and_listed(functions: LambdaClient, queue: str, store: Store) -> None:
    assert queue
    register(store, "other", NOTING)
    made = functions.create_event_source_mapping(EventSourceArn=QUEUE_ARN, FunctionName="noting")
    functions.create_event_source_mapping(EventSourceArn=QUEUE_ARN, FunctionName="other")
    assert functions.get_event_source_mapping(UUID=made["UUID"])["FunctionArn"] == made["FunctionArn"]
    listed = functions.list_event_source_mappings(FunctionName="noting")["EventSourceMappings"]
    assert [each["UUID"] for each in listed] == [made["UUID"]]
    pages = functions.get_paginator("list_event_source_mappings").paginate(
        EventSourceArn=QUEUE_ARN, PaginationConfig={"PageSize": 1}
    )
    assert [len(page["EventSourceMappings"]) for page in pages] == [1, 1]


def test_what_cannot_be_fed_is_refused_with_the_services_codes(functions: LambdaClient, queue: str) -> None:
    assert queue
    exceptions = functions.exceptions
    functions.create_event_source_mapping(EventSourceArn=QUEUE_ARN, FunctionName="noting")
    with pytest.raises(exceptions.ResourceConflictException, match="already exists"):
        functions.create_event_source_mapping(EventSourceArn=QUEUE_ARN, FunctionName="noting")
    with pytest.raises(exceptions.ResourceNotFoundException, match="Function not found"):
        functions.create_event_source_mapping(EventSourceArn=QUEUE_ARN, FunctionName="nope")
    with pytest.raises(exceptions.ResourceNotFoundException, match="does not exist"):
        functions.get_event_source_mapping(UUID="0" * 36)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"EventSourceArn": f"{QUEUE_ARN}-2"}, "does not exist. Create it first"),
        ({"EventSourceArn": "arn:aws:kinesis:us-east-1:000000000000:stream/s"}, "Unrecognized event source"),
        ({"BatchSize": 11}, "Maximum batch window in seconds must be greater than 0"),
        ({"FilterCriteria": {"Filters": [{"Pattern": "{}"}]}}, "does not carry out FilterCriteria"),
    ]
    for members, said in wrong:
        with pytest.raises(exceptions.InvalidParameterValueException, match=said):
            functions.create_event_source_mapping(**{"EventSourceArn": QUEUE_ARN, "FunctionName": "noting", **members})
