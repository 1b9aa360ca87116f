from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from local.client import client
from local.functions import queues
from local.store.home import Home
from local.store.store import Store

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageAttributeValueTypeDef


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def sqs(home: Path) -> SQSClient:
    made: SQSClient = client("sqs", home)
    return made


@pytest.fixture
def url(sqs: SQSClient) -> str:
    return sqs.create_queue(QueueName="work")["QueueUrl"]


def bodies(sqs: SQSClient, url: str, hidden: int = 600) -> list[str]:
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=hidden)
    return [message["Body"] for message in found.get("Messages", [])]


def test_a_queue_is_made_once_and_found_by_its_name(sqs: SQSClient, url: str) -> None:
    assert url == "https://sqs.us-east-1.amazonaws.com/000000000000/work"
    assert sqs.create_queue(QueueName="work")["QueueUrl"] == url
    assert sqs.get_queue_url(QueueName="work")["QueueUrl"] == url
    with pytest.raises(sqs.exceptions.QueueNameExists):
        sqs.create_queue(QueueName="work", Attributes={"VisibilityTimeout": "5"})
    sqs.create_queue(QueueName="other")
    assert sqs.list_queues(QueueNamePrefix="w")["QueueUrls"] == [url]
    sqs.delete_queue(QueueUrl=url)
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.send_message(QueueUrl=url, MessageBody="x")


def test_a_received_message_is_hidden_until_its_time_is_over_or_it_is_deleted(sqs: SQSClient, url: str) -> None:
    attributes: dict[str, MessageAttributeValueTypeDef] = {"kind": {"DataType": "String", "StringValue": "first"}}
    sent = sqs.send_message(QueueUrl=url, MessageBody="hello", MessageAttributes=attributes)
    (message,) = sqs.receive_message(QueueUrl=url, AttributeNames=["All"], MessageAttributeNames=["k.*", "kind"])[
        "Messages"
    ]
    assert (message["MessageId"], message["Body"]) == (sent["MessageId"], "hello")
    assert message["MD5OfBody"] == sent["MD5OfMessageBody"] == "5d41402abc4b2a76b9719d911017c592"
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"
    assert message["MessageAttributes"] == attributes
    assert bodies(sqs, url) == []
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
    (again,) = sqs.receive_message(QueueUrl=url, AttributeNames=["ApproximateReceiveCount"])["Messages"]
    assert again["Attributes"] == {"ApproximateReceiveCount": "2"}
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    counts = ["ApproximateNumberOfMessagesNotVisible"]
    assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=counts)["Attributes"] == {counts[0]: "1"}  # type: ignore[arg-type]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=again["ReceiptHandle"])
    assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=counts)["Attributes"] == {counts[0]: "0"}  # type: ignore[arg-type]
    with pytest.raises(sqs.exceptions.ReceiptHandleIsInvalid):
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=again["ReceiptHandle"], VisibilityTimeout=0)


def test_a_delayed_message_counts_as_such_and_is_not_there_yet(sqs: SQSClient, url: str) -> None:
    sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=900)
    sqs.send_message(QueueUrl=url, MessageBody="now")
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (found["ApproximateNumberOfMessagesDelayed"], found["ApproximateNumberOfMessages"]) == ("1", "1")
    assert found["QueueArn"] == "arn:aws:sqs:us-east-1:000000000000:work"
    assert bodies(sqs, url) == ["now"]
    sqs.purge_queue(QueueUrl=url)
    assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessagesDelayed"])[
        "Attributes"
    ] == {"ApproximateNumberOfMessagesDelayed": "0"}


def test_a_message_received_too_often_goes_to_the_dead_letter_queue(sqs: SQSClient, url: str) -> None:
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    policy = {"deadLetterTargetArn": "arn:aws:sqs:us-east-1:000000000000:dead", "maxReceiveCount": "2"}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": json.dumps(policy)})
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    assert [bodies(sqs, url, 0) for _ in range(3)] == [["poison"], ["poison"], []]
    assert bodies(sqs, dead) == ["poison"]


def test_batches_succeed_and_fail_entry_by_entry(sqs: SQSClient, url: str) -> None:
    answer = sqs.send_message_batch(
        QueueUrl=url,
        Entries=[{"Id": "a", "MessageBody": "one"}, {"Id": "b", "MessageBody": "two", "DelaySeconds": 901}],
    )
    assert [entry["Id"] for entry in answer["Successful"]] == ["a"]
    assert [(entry["Id"], entry["Code"]) for entry in answer["Failed"]] == [("b", "InvalidParameterValue")]
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    deleted = sqs.delete_message_batch(QueueUrl=url, Entries=[{"Id": "x", "ReceiptHandle": message["ReceiptHandle"]}])
    assert [entry["Id"] for entry in deleted["Successful"]] == ["x"]
    with pytest.raises(sqs.exceptions.BatchEntryIdsNotDistinct):
        sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "x"}] * 2)


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"VisibilityTimeout": "43201"}, "InvalidParameterValue"),
        ({"DelaySeconds": "soon"}, "InvalidParameterValue"),
        ({"Colour": "red"}, "InvalidAttributeName"),
        ({"RedrivePolicy": "{}"}, "InvalidAttributeValue"),
        ({"RedrivePolicy": '{"deadLetterTargetArn": "dead", "maxReceiveCount": 1}'}, "InvalidAttributeValue"),
    ],
)
def test_settings_that_do_not_fit_are_refused(sqs: SQSClient, attributes: dict[str, str], code: str) -> None:
    with pytest.raises(sqs.exceptions.ClientError) as raised:
        sqs.create_queue(QueueName="work", Attributes=attributes)  # type: ignore[arg-type] # wrong on purpose
    assert raised.value.response["Error"]["Code"] == code


def test_queues_of_other_accounts_are_told_apart(home: Path) -> None:
    store = Store(Home(home))
    urls = [
        "https://sqs.eu-west-1.amazonaws.com/111122223333/work",
        "https://sqs.us-east-1.amazonaws.com/000000000000/work",
        "https://eu-west-1.queue.amazonaws.com/444455556666/work",
    ]
    made = [queues.ensure(store, url, now=0.0) for url in urls]
    assert [queue.arn for queue in made] == [
        "arn:aws:sqs:eu-west-1:111122223333:work",
        "arn:aws:sqs:us-east-1:000000000000:work",
        "arn:aws:sqs:eu-west-1:444455556666:work",
    ]
    assert [queues.ensure(store, url, now=1.0) for url in urls] == made
    with pytest.raises(queues.QueueNameError, match="is not a queue's URL"):
        queues.ensure(store, "https://example.com/a/b/c", now=0.0)
