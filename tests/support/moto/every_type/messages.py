"""Queues, topics, rules and schedules."""

from __future__ import annotations

from typing import Any

from tests.support.moto.every_type.parts import get, policy, ref, resource


def messages(tags: list[Any], changed: bool) -> dict[str, Any]:
    """Return resources that refer to one another, and to those of the other modules, by these names."""
    seconds = 60 if changed else 30
    return {
        "Queue": resource("SQS::Queue", KmsMasterKeyId=ref("Key"), VisibilityTimeout=seconds, Tags=tags),
        "QueuePolicy": resource(
            "SQS::QueuePolicy",
            Queues=[ref("Queue")],
            PolicyDocument=policy("sqs:SendMessage", Principal={"AWS": "*"}, Sid=f"S{seconds}"),
        ),
        "Topic": resource("SNS::Topic", DisplayName=f"{seconds}", KmsMasterKeyId=ref("Key"), Tags=tags),
        "TopicPolicy": resource(
            "SNS::TopicPolicy",
            Topics=[ref("Topic")],
            PolicyDocument=policy("sns:Publish", Principal={"AWS": "*"}, Sid=f"S{seconds}"),
        ),
        "Subscription": resource(
            "SNS::Subscription",
            TopicArn=ref("Topic"),
            Protocol="sqs",
            Endpoint=get("Queue"),
            RawMessageDelivery=changed,
        ),
        "Rule": resource(
            "Events::Rule",
            EventPattern={"source": ["aws.sagemaker"]},
            State="DISABLED" if changed else "ENABLED",
            Targets=[{"Id": "new" if changed else "old", "Arn": get("Queue")}],
        ),
        "Bus": resource("Events::EventBus", Name="every", Description=f"{seconds}", Tags=tags),
        "BusPolicy": resource(
            "Events::EventBusPolicy",
            EventBusName=ref("Bus"),
            StatementId="others",
            Statement={
                "Sid": "others",
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
                "Action": "events:PutEvents",
                "Resource": get("Bus"),
                "Condition": {"StringEquals": {"events:source": "aws.s3" if changed else "aws.sagemaker"}},
            },
        ),
        "Schedules": resource("Scheduler::ScheduleGroup", Name="every", Tags=tags),
        "Schedule": resource(
            "Scheduler::Schedule",
            GroupName=ref("Schedules"),
            FlexibleTimeWindow={"Mode": "OFF"},
            ScheduleExpression=f"rate({seconds} minutes)",
            Target={"Arn": get("Queue"), "RoleArn": get("Role")},
        ),
    }
