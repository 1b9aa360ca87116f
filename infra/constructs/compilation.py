"""Queues and functions that have models compiled for the Callback steps of all of an environment's pipelines."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import names
from infra.constructs.dead_letters import DeadLetters
from infra.constructs.domain_key import DomainKey
from infra.constructs.function import Function
from infra.constructs.policy import Permission
from infra.constructs.told_function import Told
from infra.permissions.compilation import FOLLOW, QUEUE

MakeFunction = Callable[[str, str, Sequence[Permission], Mapping[str, str]], Function]
"""Makes a function of a name, with its description, permissions and environment."""

MOST_TRIES = 5
"""How often a function tries a message before it tells the step that it gives up."""

_MOST_RECEIVES = 50
"""How often the queue gives a message out where the step could not even be told, or the function ends by force."""

_VISIBILITY_SECONDS = 360
"""Six times what a function may take. Source: Lambda Developer Guide, 'Configuring scalability for SQS'."""

_KEPT_DAYS = 14
_ENDED = ("completed", "failed", "stopped")


class Compilation(Construct):
    """Two queues, each with the function that it feeds: one submits compilations, the other looks at them.

    ``job`` is what CompileStart needs to know for its jobs. ``dead_letters`` keeps what was given up, after its step
    was told.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        key: DomainKey,
        dead_letters: DeadLetters,
        make: MakeFunction,
        start: Sequence[Permission],
        follow: Sequence[Permission],
        job: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id_)
        asked, looked = (self._queue(name, key, dead_letters) for name in (QUEUE, FOLLOW))
        self.queue_url = asked.queue_url
        common = {
            "DEAD_LETTER_QUEUE_URL": dead_letters.queue.queue_url,
            "FOLLOW_QUEUE_URL": looked.queue_url,
            "MOST_RECEIVES": str(MOST_TRIES),
        }
        starting = make("compile-start", "Submits compilations that pipelines ask for", start, {**common, **job})
        following = make("compile-follow", "Looks at compilations, and answers pipelines", follow, common)
        self._feed(starting, asked)
        self._feed(following, looked)
        self.rule_arn = self._hasten(following, dead_letters)

    def _queue(self, name: str, key: DomainKey, dead_letters: DeadLetters) -> sqs.Queue:
        return sqs.Queue(
            self,
            "".join(part.capitalize() for part in name.split("-")),
            # The pipeline's role, in a stack before this one, names it.
            queue_name=names.function_name(name),
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=_MOST_RECEIVES, queue=dead_letters.queue),
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key.key,
            enforce_ssl=True,
            retention_period=cdk.Duration.days(_KEPT_DAYS),
            visibility_timeout=cdk.Duration.seconds(_VISIBILITY_SECONDS),
        )

    def _feed(self, function: Function, queue: sqs.Queue) -> None:
        """Feed a function one message at a time: each message is a step's, and waits for no other's."""
        lambda_.CfnEventSourceMapping(
            self,
            f"{queue.node.id}Messages",
            batch_size=1,
            event_source_arn=queue.queue_arn,
            function_name=function.function.ref,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config=lambda_.CfnEventSourceMapping.ScalingConfigProperty(maximum_concurrency=2),
        )

    def _hasten(self, function: Function, dead_letters: DeadLetters) -> str:
        """Have ends of jobs told, should SageMaker ever tell of them: its documentation does not list such an event."""
        told = Told(
            self,
            "Ended",
            description="Tells of compilations that have ended, should SageMaker do so; they are looked at anyway",
            pattern={
                "source": ["aws.sagemaker"],
                "detail-type": ["SageMaker Compilation Job State Change"],
                "detail": {"CompilationJobStatus": [{"equals-ignore-case": status} for status in _ENDED]},
            },
            function=function,
            dead_letters=dead_letters,
        )
        return str(told.rule.attr_arn)


def job_settings(
    *, role_arn: str, key_arn: str, security_group_ids: Sequence[str], subnet_ids: Sequence[str]
) -> dict[str, str]:
    """Return what CompileStart gives every job, whatever it is asked for."""
    stack_lists = {"SECURITY_GROUP_IDS": security_group_ids, "SUBNET_IDS": subnet_ids}
    return {
        "KMS_KEY_ID": key_arn,
        "ROLE_ARN": role_arn,
        **{name: json.dumps(list(values)) for name, values in stack_lists.items()},
    }
