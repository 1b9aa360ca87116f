from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from local.client import client
from local.functions import dispatcher
from local.functions.wake import LEASE, settle, wake
from local.store.home import Home
from local.store.processes import process_parts
from local.store.store import Store
from tests.support.functions import register
from tests.support.pipelines import await_value

# Appends what it is given to a file beside itself.
NOTING = """
import json, pathlib
def handler(event, context):
    with pathlib.Path(__file__).with_name("noted").open("a") as file:
        file.write(json.dumps(event) + "\\n")
"""
URL = "https://sqs.us-east-1.amazonaws.com/000000000000/work"
KIND = "SageMaker Model Package State Change"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Home(tmp_path / "home"))


def noted(store: Store, name: str = "noting") -> list[Any]:
    file = store.home.root / "code" / name / "noted"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def approved(store: Store, version: int) -> None:
    store.events.record(KIND, {"ModelApprovalStatus": "Approved", "Version": version}, ["arn:p"], now=time.time())


def dispatch(store: Store) -> None:
    """Dispatch in this process until nothing is left to do."""
    dispatcher.run(store)


def test_events_reach_the_functions_whose_rules_match_in_their_order(store: Store) -> None:
    approved(store, 0)
    rule = {"source": ["aws.sagemaker"], "detail": {"ModelApprovalStatus": ["Approved"]}}
    register(store, "noting", NOTING, rules=(rule,))
    register(store, "other", NOTING, rules=({"source": ["mine"]},))
    for version in (1, 2, 3):
        approved(store, version)
    store.events.record(KIND, {"ModelApprovalStatus": "Rejected"}, [], now=time.time())
    dispatch(store)
    assert [event["detail"]["Version"] for event in noted(store)] == [1, 2, 3]
    assert noted(store)[0].keys() == {
        "version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail",
    }  # fmt: skip
    assert noted(store, "other") == []
    dispatch(store)
    assert len(noted(store)) == 3


def test_a_failed_delivery_is_repeated_and_later_events_wait_for_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "RETRY_SECONDS", (0.05, 0.05))
    source = NOTING + "    if event['detail']['Version'] == 1:\n        raise RuntimeError('not yet')\n"
    register(store, "noting", source, rules=({"source": ["aws.sagemaker"]},))
    approved(store, 1)
    approved(store, 2)
    dispatch(store)
    assert [event["detail"]["Version"] for event in noted(store)] == [1, 1, 1, 2]
    (given_up,) = store.invocations.given_up()
    assert (given_up.function, given_up.attempts, given_up.error) == ("noting", 3, "RuntimeError: not yet.")


def test_an_approval_is_delivered_by_a_process_that_outlives_whoever_approved(store: Store) -> None:
    register(store, "noting", NOTING, rules=({"detail-type": [KIND]},))
    sagemaker = client("sagemaker", store.home.root)
    sagemaker.create_model_package_group(ModelPackageGroupName="g")
    package = sagemaker.create_model_package(ModelPackageGroupName="g")["ModelPackageArn"]
    sagemaker.update_model_package(ModelPackageArn=package, ModelApprovalStatus="Approved")
    assert settle(store, 30)
    statuses = [event["detail"]["ModelApprovalStatus"] for event in noted(store)]
    assert statuses == ["PendingManualApproval", "Approved"]


def test_a_killed_dispatcher_loses_nothing(store: Store) -> None:
    slow = "import time\ntime.sleep(0.3)\n" + NOTING
    register(store, "noting", slow, rules=({"source": ["aws.sagemaker"]},))
    approved(store, 1)
    approved(store, 2)
    wake(store)
    folder = store.home.function("noting") / "invocations"
    await_value(lambda: folder.is_dir() and any(folder.iterdir()), "the function to run")
    row = store.database.connection.execute("SELECT owner FROM lease WHERE name = ?", (LEASE,)).fetchone()
    pid, _ = process_parts(row["owner"])
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert settle(store, 30)
    assert [event["detail"]["Version"] for event in noted(store)] == [1, 2]


def test_messages_reach_the_function_of_their_queue(store: Store) -> None:
    register(store, "noting", NOTING, queue=URL)
    sqs = client("sqs", store.home.root)
    sqs.create_queue(QueueName="work")
    attributes = {"kind": {"DataType": "String", "StringValue": "first"}}
    sent = sqs.send_message(QueueUrl=URL, MessageBody="hello", MessageAttributes=attributes)
    assert settle(store, 30)
    ((record,),) = [event["Records"] for event in noted(store)]
    assert (record["messageId"], record["body"]) == (sent["MessageId"], "hello")
    assert record["eventSourceARN"] == "arn:aws:sqs:us-east-1:000000000000:work"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["messageAttributes"] == {
        "kind": {"dataType": "String", "stringValue": "first", "stringListValues": [], "binaryListValues": []}
    }
    assert sqs.get_queue_attributes(QueueUrl=URL, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"] == {
        "ApproximateNumberOfMessages": "0"
    }


def test_a_delayed_message_comes_later(store: Store) -> None:
    register(store, "noting", NOTING, queue=URL)
    sqs = client("sqs", store.home.root)
    sqs.create_queue(QueueName="work")
    sqs.send_message(QueueUrl=URL, MessageBody="later", DelaySeconds=2)
    sqs.send_message(QueueUrl=URL, MessageBody="now")
    assert settle(store, 30)
    assert [event["Records"][0]["body"] for event in noted(store)] == ["now", "later"]


def test_only_the_messages_that_failed_come_again_and_go_aside_in_the_end(store: Store) -> None:
    source = NOTING + (
        "    return {'batchItemFailures': [{'itemIdentifier': record['messageId']}\n"
        "            for record in event['Records'] if record['body'] == 'bad']}\n"
    )
    register(store, "noting", source, queue=URL, report_failures=True)
    sqs = client("sqs", store.home.root)
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    policy = {"deadLetterTargetArn": "arn:aws:sqs:us-east-1:000000000000:dead", "maxReceiveCount": 2}
    settings = {"VisibilityTimeout": "0", "RedrivePolicy": json.dumps(policy)}
    sqs.create_queue(QueueName="work", Attributes=settings)
    entries = [{"Id": body, "MessageBody": body} for body in ("good", "bad")]
    sqs.send_message_batch(QueueUrl=URL, Entries=entries)
    assert settle(store, 30)
    batches = [[record["body"] for record in event["Records"]] for event in noted(store)]
    assert batches == [["good", "bad"], ["bad"]]
    (aside,) = sqs.receive_message(QueueUrl=dead)["Messages"]
    assert aside["Body"] == "bad"
