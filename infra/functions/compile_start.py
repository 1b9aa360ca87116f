"""CompileStart: submits the compilation that a Callback step asks for, and has its job followed.

A queue feeds it with the messages of Callback steps: {"token", "arguments", "status", …}. A step that is being stopped
sends a second one, whose status is "Stopping". The token must be answered, or the step waits for a week: so an error is
tried again, and what is given up is told to the step first and then kept with the dead letters.

The environment has ROLE_ARN and KMS_KEY_ID for the jobs, SECURITY_GROUP_IDS and SUBNET_IDS (JSON lists, empty for no
network), FOLLOW_QUEUE_URL, DEAD_LETTER_QUEUE_URL, and MOST_RECEIVES: how often a message is tried.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from typing import Any

import boto3

FIRST_LOOK_SECONDS = 20
LONGEST_REASON = 256  # what SendPipelineExecutionStepFailure takes
TOKEN_TAG = "sageline:callback-token"  # noqa: S105 - a tag's name
TEXTS = ("Framework", "FrameworkVersion", "DataInputConfig")
#: What trying again does not mend.
FINAL = ("AccessDenied", "AccessDeniedException", "ValidationException")
#: What answering a token says of one that nobody waits at any more.
SETTLED = ("ConflictException", "ResourceNotFound")


def handler(event: dict[str, Any], context: object) -> dict[str, list[dict[str, str]]]:
    """Return the messages to be received again, as SQS event sources take them."""
    del context
    again = [record["messageId"] for record in event["Records"] if not dealt_with(record)]
    return {"batchItemFailures": [{"itemIdentifier": each} for each in again]}


def dealt_with(record: dict[str, Any]) -> bool:
    """Say whether a message is done with: submitted, or given up after it was tried as often as it may be."""
    most, received = int(os.environ["MOST_RECEIVES"]), int(record["attributes"]["ApproximateReceiveCount"])
    message: Any = None
    try:
        message = json.loads(record["body"])
        if received <= most:
            take(message)
            return True
        reason = "It was tried again and again."
    except Exception as error:  # noqa: BLE001 - whatever it is, the step must hear of it in the end
        reason = f"{type(error).__name__}: {error}"
        print(f"Message {record['messageId']}, received {received} times: {reason}")
        if received < most and isinstance(message, dict):
            return False
    return given_up(record, message, reason)


def given_up(record: dict[str, Any], message: Any, reason: str) -> bool:
    """Tell the step, then keep the message with the dead letters; False where the step could not be told."""
    try:
        if isinstance(message, dict) and message.get("token"):
            fail(message["token"], f"The compilation could not be submitted. {reason}")
        boto3.client("sqs").send_message(QueueUrl=os.environ["DEAD_LETTER_QUEUE_URL"], MessageBody=record["body"])
    except Exception as error:  # noqa: BLE001 - it is received again, and then told again
        print(f"The step could not be told: {type(error).__name__}: {error}")
        return False
    return True


def take(message: dict[str, Any]) -> None:
    """Submit the compilation that a message asks for, or stop it."""
    name = job_name(message)
    if message.get("status") == "Stopping":
        stop(name, message["token"])
        return
    sagemaker = boto3.client("sagemaker")
    try:
        sagemaker.create_compilation_job(**request(name, message))
        print(f"Submitted {name}.")
    except sagemaker.exceptions.ClientError as error:
        code, said = error.response["Error"]["Code"], error.response["Error"]["Message"]
        if code in FINAL:
            fail(message["token"], f"The compilation was refused. {said}")
            return
        # The same message again: its job is there already, and may not be followed yet.
        if code != "ResourceInUse":
            raise
    boto3.client("sqs").send_message(
        QueueUrl=os.environ["FOLLOW_QUEUE_URL"],
        MessageBody=json.dumps({"token": message["token"], "job": name, "looks": 0}),
        DelaySeconds=FIRST_LOOK_SECONDS,
    )


def job_name(message: dict[str, Any]) -> str:
    """Return the job's name: the same for the same step and what it asks for, however often the message comes."""
    given = message["arguments"]
    digest = hashlib.sha256(json.dumps([message["token"], given], sort_keys=True).encode()).hexdigest()
    words = [re.sub("[^A-Za-z0-9]+", "-", given[name])[:most].strip("-") for name, most in PARTS]
    return "-".join(["sageline", *words, digest[:12]])


PARTS = (("Problem", 24), ("Target", 15))  # with the rest, within the 63 characters of a job's name


def request(name: str, message: dict[str, Any]) -> dict[str, Any]:
    """Return the CreateCompilationJob request. Role, key and network are not the message's to choose."""
    given = message["arguments"]
    groups, subnets = json.loads(os.environ["SECURITY_GROUP_IDS"]), json.loads(os.environ["SUBNET_IDS"])
    target = {each: given[each] for each in ("TargetDevice", "CompilerOptions") if each in given}
    if "TargetPlatform" in given:
        target["TargetPlatform"] = json.loads(given["TargetPlatform"])
    return {
        "CompilationJobName": name,
        "RoleArn": os.environ["ROLE_ARN"],
        "InputConfig": {"S3Uri": given["S3Uri"], **{each: given[each] for each in TEXTS if each in given}},
        "OutputConfig": {
            "S3OutputLocation": given["S3OutputLocation"],
            "KmsKeyId": os.environ["KMS_KEY_ID"],
            **target,
        },
        **({"VpcConfig": {"SecurityGroupIds": groups, "Subnets": subnets}} if subnets else {}),
        "StoppingCondition": {"MaxRuntimeInSeconds": int(given["MaxRuntimeInSeconds"])},
        "Tags": [
            {"Key": "sageline:problem", "Value": given["Problem"]},
            # Whoever hears of the job's end finds the step by it.
            {"Key": TOKEN_TAG, "Value": message["token"]},
        ],
    }


def stop(name: str, token: str) -> None:
    """Stop a job, whose end is told to the step by whoever follows it; answer at once where there is none."""
    sagemaker = boto3.client("sagemaker")
    try:
        sagemaker.stop_compilation_job(CompilationJobName=name)
    except sagemaker.exceptions.ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "ResourceNotFound":
            fail(token, "The execution was stopped before the compilation was submitted.")
        elif code != "ValidationException":  # it has ended by itself
            raise


def fail(token: str, reason: str) -> None:
    """Tell the step why it fails, within what the call takes; a token that was answered before stays answered."""
    sagemaker = boto3.client("sagemaker")
    try:
        sagemaker.send_pipeline_execution_step_failure(
            CallbackToken=token,
            FailureReason=cut(reason),
            ClientRequestToken=hashlib.sha256(token.encode()).hexdigest(),
        )
        print(f"Told the step: {cut(reason)}")
    except sagemaker.exceptions.ClientError as error:
        if error.response["Error"]["Code"] not in SETTLED:
            raise
        print(f"Nobody waits for the answer any more: {error}")


def cut(reason: str) -> str:
    """Return a reason as one line that the call takes."""
    line = " ".join(reason.split())
    return line if len(line) <= LONGEST_REASON else f"{line[: LONGEST_REASON - 1]}…"
