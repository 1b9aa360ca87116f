"""A version that waits for approval: the registry's event, through the deployed rule, to whoever subscribed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.infra.deploy.deployed import Deployed
from tests.infra.deploy.test_identity import statements
from tests.support.authorised import unused
from tests.support.iam import ALLOWED, NOT_ALLOWED, Call, decision

GROUP = "sageline-breast-cancer"


def rule(deployed: Deployed) -> Any:
    """The rule with its one target."""
    events = deployed.client("events")
    id_ = deployed.one("pipelines", "AWS::Events::Rule", "FailuresVersionWaits")
    (target,) = events.list_targets_by_rule(Rule=id_)["Targets"]
    return events.describe_rule(Name=id_) | {"Target": target}


@pytest.fixture
def subscriber(deployed: Deployed) -> Iterator[str]:
    """A queue that the environment's topic tells."""
    sqs, sns = deployed.client("sqs"), deployed.client("sns")
    url = sqs.create_queue(QueueName="subscriber")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = deployed.one("pipelines", "AWS::SNS::Topic")
    made = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    yield url
    sns.unsubscribe(SubscriptionArn=made["SubscriptionArn"])
    sqs.delete_queue(QueueUrl=url)


def tell(deployed: Deployed) -> str:
    """Have the registry tell of a version that was registered; return the version's ARN."""
    arn = f"arn:aws:sagemaker:{deployed.server.region}:{deployed.server.account}:model-package/{GROUP}/3"
    detail = {
        "ModelApprovalStatus": "PendingManualApproval",
        "ModelPackageArn": arn,
        "ModelPackageGroupName": GROUP,
        "ModelPackageVersion": 3,
    }
    kind = "SageMaker Model Package State Change"
    entry = {"Source": "aws.sagemaker", "DetailType": kind, "Detail": json.dumps(detail)}
    assert deployed.client("events").put_events(Entries=[entry])["FailedEntryCount"] == 0
    return arn


def test_whoever_subscribed_reads_which_version_waits_where_and_the_command_that_approves_it(
    deployed: Deployed, subscriber: str
) -> None:
    arn = tell(deployed)
    (message,) = deployed.client("sqs").receive_message(QueueUrl=subscriber, MaxNumberOfMessages=10)["Messages"]
    told = json.loads(message["Body"])
    place = f"account {deployed.server.account}, region {deployed.server.region}"
    assert told.startswith(f"sageline dev: version 3 of {GROUP} in {place}, waits for approval since 20")
    assert re.findall("`([^`]+)`", told) == [f"sageline {word} {arn} --env dev" for word in ("approve", "reject")]


def test_the_rule_publishes_with_a_role_that_can_do_nothing_else(deployed: Deployed) -> None:
    target, topic = rule(deployed)["Target"], deployed.one("pipelines", "AWS::SNS::Topic")
    key = deployed.client("sns").get_topic_attributes(TopicArn=topic)["Attributes"]["KmsMasterKeyId"]
    granted = statements(deployed, target["RoleArn"].rpartition("/")[2])
    used = [Call("sns:Publish", topic), Call("kms:Decrypt", key), Call("kms:GenerateDataKey", key)]
    assert [call for call in used if decision(granted, call) != ALLOWED] == []
    assert unused(granted, used) == set()
    assert decision(granted, Call("sns:Publish", f"{topic}-other")) == NOT_ALLOWED


def test_what_cannot_be_told_is_kept(deployed: Deployed) -> None:
    found, sqs = rule(deployed), deployed.client("sqs")
    url = deployed.one("pipelines", "AWS::SQS::Queue", "Undelivered")
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert found["Target"]["DeadLetterConfig"]["Arn"] == attributes["QueueArn"]
    (admitted,) = [each for each in json.loads(attributes["Policy"])["Statement"] if each["Effect"] == "Allow"]
    assert found["Arn"] in admitted["Condition"]["ArnEquals"]["aws:SourceArn"]
