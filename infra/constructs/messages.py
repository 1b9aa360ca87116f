"""Who may put messages into encrypted queues and topics on its own behalf."""

from __future__ import annotations

import aws_cdk as cdk

from infra.constructs.domain_key import DomainKey
from infra.constructs.home import home

_MESSAGES = ["kms:Decrypt", "kms:GenerateDataKey*"]


def admit_messages(key: DomainKey, stack: cdk.Stack) -> None:
    """Let EventBridge keep in this account's queues what it could not deliver, and alarms publish to its topics.

    EventBridge's calls to KMS carry no aws:SourceAccount (SNS Developer Guide, 'Key management'): the queue that they
    encrypt for ties them to the account. To topics it publishes with a role, and needs no entry here.
    """
    queues = home(stack).arn("sqs", "*")
    key.admit_service(
        "EventsToQueuesOfThisAccount",
        "events.amazonaws.com",
        {"ArnLike": {"kms:EncryptionContext:aws:sqs:arn": queues}},
        _MESSAGES,
    )
    alarms = home(stack).arn("cloudwatch", "alarm:*")
    key.admit_service(
        "AlarmsOfThisAccount",
        "cloudwatch.amazonaws.com",
        {"StringEquals": {"aws:SourceAccount": home(stack).account}, "ArnLike": {"aws:SourceArn": alarms}},
        _MESSAGES,
    )
