"""CompileFollow: looks at a compilation until it has ended, and then answers the Callback step that waits for it.

A queue feeds it with messages {"token", "job", "looks"}, each one look; while the job goes on, the next is sent with a
delay. No list of SageMaker's events has compilations in it: should one come all the same, it is looked at at once, and
the job's tag says whose step it is.

The environment has FOLLOW_QUEUE_URL, DEAD_LETTER_QUEUE_URL, and MOST_RECEIVES: how often a message is tried.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from typing import Any

import boto3

FIRST_LOOK_SECONDS, MORE_SECONDS, LONGEST_LOOK_SECONDS = 20, 10, 120
LONGEST_WAIT_SECONDS = 7 * 24 * 3600  # a Callback step waits no longer
LONGEST_REASON = 256  # what SendPipelineExecutionStepFailure takes
TOKEN_TAG = "sageline:callback-token"  # noqa: S105 - a tag's name
#: What answering a token says of one that nobody waits at any more.
SETTLED = ("ConflictException", "ResourceNotFound")
NONE = "none"
ENDED_BADLY = {"FAILED": "failed", "STOPPED": "was stopped"}


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Return the messages to be received again; of an event, the state in which its job was found."""
    del context
    if "Records" not in event:
        return {"Status": hasten(event)}
    again = [record["messageId"] for record in event["Records"] if not dealt_with(record)]
    return {"batchItemFailures": [{"itemIdentifier": each} for each in again]}


def dealt_with(record: dict[str, Any]) -> bool:
    """Say whether a message is done with: looked at, or given up after it was tried as often as it may be."""
    most, received = int(os.environ["MOST_RECEIVES"]), int(record["attributes"]["ApproximateReceiveCount"])
    message: Any = None
    try:
        message = json.loads(record["body"])
        if received <= most:
            look(message)
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
            job = message.get("job", NONE)
            answer(message["token"], failure=f"The compilation {job} could not be followed. {reason}")
        boto3.client("sqs").send_message(QueueUrl=os.environ["DEAD_LETTER_QUEUE_URL"], MessageBody=record["body"])
    except Exception as error:  # noqa: BLE001 - it is received again, and then told again
        print(f"The step could not be told: {type(error).__name__}: {error}")
        return False
    return True


def look(message: dict[str, Any]) -> None:
    """Answer for a job that has ended; else see to the next look, for as long as a step waits."""
    token, name, looks = message["token"], message["job"], int(message["looks"])
    job = described(name)
    if job is None:
        answer(token, failure=f"The compilation {name} was deleted before it was finished.")
    elif not settle(token, job):
        since = float(message.get("since") or time.time())
        if time.time() - since > LONGEST_WAIT_SECONDS:
            print(f"{name} goes on, and no step waits for it any more.")
            return
        boto3.client("sqs").send_message(
            QueueUrl=os.environ["FOLLOW_QUEUE_URL"],
            MessageBody=json.dumps({"token": token, "job": name, "looks": looks + 1, "since": since}),
            DelaySeconds=min(FIRST_LOOK_SECONDS + MORE_SECONDS * looks, LONGEST_LOOK_SECONDS),
        )


def hasten(event: dict[str, Any]) -> str:
    """Answer for the job of an event at once; what goes wrong here is left to the next look."""
    sagemaker = boto3.client("sagemaker")
    try:
        job = described(event["detail"]["CompilationJobName"])
        if job is None:
            return NONE
        tags = sagemaker.list_tags(ResourceArn=job["CompilationJobArn"])["Tags"]
        token = next((each["Value"] for each in tags if each["Key"] == TOKEN_TAG), None)
        if token is not None:
            settle(token, job)
        return str(job["CompilationJobStatus"])
    except sagemaker.exceptions.ClientError as error:
        print(f"The event could not be followed, and the next look will be: {error}")
        return NONE


def described(name: str) -> dict[str, Any] | None:
    """Return a job; None where there is none of that name any more."""
    sagemaker = boto3.client("sagemaker")
    try:
        return dict(sagemaker.describe_compilation_job(CompilationJobName=name))
    except sagemaker.exceptions.ClientError as error:
        if error.response["Error"]["Code"] not in ("ResourceNotFound", "ValidationException"):
            raise
        return None


def settle(token: str, job: dict[str, Any]) -> bool:
    """Answer for a job where it has ended, and say whether it has. Spellings of states differ between documents."""
    name, status = job["CompilationJobName"], job["CompilationJobStatus"].upper()
    if status == "COMPLETED":
        answer(
            token,
            outputs={
                "ModelArtifacts": job["ModelArtifacts"]["S3ModelArtifacts"],
                "CompilationJobName": name,
                "CompilationTarget": target(job["OutputConfig"]),
            },
        )
    elif status in ENDED_BADLY:
        answer(token, failure=f"The compilation {name} {ENDED_BADLY[status]}. {job.get('FailureReason') or ''}")
    return status == "COMPLETED" or status in ENDED_BADLY


def target(output: dict[str, Any]) -> str:
    """Return what a job compiles for, as a problem names it."""
    platform = output.get("TargetPlatform", {})
    parts = [platform[each].lower() for each in ("Os", "Arch", "Accelerator") if platform.get(each)]
    return output.get("TargetDevice") or "/".join(parts)


def answer(token: str, outputs: dict[str, str] | None = None, failure: str = "") -> None:
    """Tell the step how it ended; a token that was answered before, or that has expired, is left as it is."""
    sagemaker = boto3.client("sagemaker")
    same = {"CallbackToken": token, "ClientRequestToken": hashlib.sha256(token.encode()).hexdigest()}
    try:
        if outputs is not None:
            given = [{"Name": name, "Value": value} for name, value in outputs.items()]
            sagemaker.send_pipeline_execution_step_success(**same, OutputParameters=given)
        else:
            sagemaker.send_pipeline_execution_step_failure(**same, FailureReason=cut(failure))
        print(f"Told the step: {outputs or cut(failure)}")
    except sagemaker.exceptions.ClientError as error:
        if error.response["Error"]["Code"] not in SETTLED:
            raise
        print(f"Nobody waits for the answer any more: {error}")


def cut(reason: str) -> str:
    """Return a reason as one line that the call takes."""
    line = " ".join(reason.split())
    return line if len(line) <= LONGEST_REASON else f"{line[: LONGEST_REASON - 1]}…"
