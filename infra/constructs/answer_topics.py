"""Topics that tell of an asynchronous endpoint's answers."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.constructs.domain_key import DomainKey
from infra.constructs.policy import Permission, Policy


class AnswerTopics(Construct):
    """A topic for answers and one for failures; the endpoint's role publishes to them, encrypted with ``key``."""

    def __init__(self, scope: Construct, id_: str, *, key: DomainKey, role: iam.IRole, endpoint_name: str) -> None:
        super().__init__(scope, id_)
        self.answers, self.failures = (
            sns.Topic(self, name, display_name=f"{endpoint_name}: {name.lower()}", enforce_ssl=True, master_key=key.key)
            for name in ("Answers", "Failures")
        )
        service = f"sns.{cdk.Stack.of(self).region}.amazonaws.com"
        Policy(
            self,
            "Publish",
            description=f"Tells of the answers of {endpoint_name}",
            permissions=[
                Permission("TellOfAnswers", ["sns:Publish"], [self.answers.topic_arn, self.failures.topic_arn]),
                Permission(
                    "EncryptWhatIsTold",
                    ["kms:Decrypt", "kms:GenerateDataKey"],
                    [key.key.key_arn],
                    {"StringEquals": {"kms:ViaService": service}},
                ),
            ],
            role=role,
        )
