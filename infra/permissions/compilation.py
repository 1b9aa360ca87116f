"""What having models compiled takes: of the pipeline that asks, of the functions that submit and follow."""

from __future__ import annotations

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from infra import names
from infra.constructs.policy import Permission
from infra.permissions.place import Place

QUEUE, FOLLOW = "compile", "compile-follow"
"""The queues of what is to be compiled, and of what is to be looked at again."""

_JOBS = "A job is named after its problem, its target and what it was asked for by."
_ANSWER = "The token in the call says which step is answered; the action is not documented to have a resource."


def queue_arn(place: Place, name: str) -> str:
    """Return the ARN of a queue, which other stacks know by its name."""
    return place.stack.format_arn(service="sqs", resource=names.function_name(name))


def ask(place: Place, key: kms.IKey) -> list[Permission]:
    """Return what Callback steps take: to put their message into the queue, encrypted."""
    return [
        Permission("AskForCompilation", ["sqs:SendMessage"], [queue_arn(place, QUEUE)]),
        _encrypt("EncryptQuestion", place, key),
    ]


def start(place: Place, role: iam.IRole, key: kms.IKey) -> list[Permission]:
    """Return what submitting compilations takes, besides what the queue's messages take."""
    jobs = [place.arn("sagemaker", "compilation-job", f"{names.PREFIX}-*")]
    return [
        Permission(
            "SubmitCompilations",
            ["sagemaker:AddTags", "sagemaker:CreateCompilationJob", "sagemaker:StopCompilationJob"],
            jobs,
            because=_JOBS,
        ),
        Permission(
            "PassCompilationRole",
            ["iam:PassRole"],
            [role.role_arn],
            {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        ),
        Permission(
            "TellFailures",
            ["sagemaker:SendPipelineExecutionStepFailure"],
            ["*"],
            place.only_here,
            because=_ANSWER,
        ),
        *_messages(place, QUEUE, key),
    ]


def follow(place: Place, key: kms.IKey) -> list[Permission]:
    """Return what following compilations and answering their steps takes."""
    jobs = [place.arn("sagemaker", "compilation-job", f"{names.PREFIX}-*")]
    return [
        Permission(
            "LookAtCompilations",
            ["sagemaker:DescribeCompilationJob", "sagemaker:ListTags"],
            jobs,
            because=_JOBS,
        ),
        Permission(
            "AnswerSteps",
            ["sagemaker:SendPipelineExecutionStepFailure", "sagemaker:SendPipelineExecutionStepSuccess"],
            ["*"],
            place.only_here,
            because=_ANSWER,
        ),
        *_messages(place, FOLLOW, key),
    ]


def _messages(place: Place, fed_by: str, key: kms.IKey) -> list[Permission]:
    """Return what a function takes that a queue feeds, and that has jobs looked at again."""
    return [
        Permission(
            "TakeMessages",
            ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
            [queue_arn(place, fed_by)],
        ),
        Permission("LookAgain", ["sqs:SendMessage"], [queue_arn(place, FOLLOW)]),
        _encrypt("EncryptMessages", place, key),
    ]


def _encrypt(sid: str, place: Place, key: kms.IKey) -> Permission:
    through = {"StringEquals": {"kms:ViaService": f"sqs.{place.stack.region}.amazonaws.com"}}
    return Permission(sid, ["kms:Decrypt", "kms:GenerateDataKey"], [key.key_arn], through)
