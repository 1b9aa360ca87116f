from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from local.client import client
from local.functions.wake import settle
from tests.support.functions import register
from tests.support.pipelines import Lab, await_value, condition, definition, fail, get

URL = "https://sqs.us-east-2.amazonaws.com/012345678901/MyCallbackQueue"


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab.at(tmp_path)


def callback(name: str, *outputs: str, **arguments: Any) -> dict[str, Any]:
    declared = [{"OutputName": output, "OutputType": "String"} for output in outputs]
    return {
        "Name": name,
        "Type": "Callback",
        "Arguments": arguments,
        "SqsQueueUrl": URL,
        "OutputParameters": declared,
    }


def receive(lab: Lab) -> dict[str, Any]:
    """Take the next message off the queue, as a worker of one's own would; the queue is there with the first one."""
    await_value(lambda: lab.store.resources.list("Queue"), "the queue")
    sqs = client("sqs", lab.store.home.root)
    found = await_value(lambda: sqs.receive_message(QueueUrl=URL, VisibilityTimeout=600).get("Messages"), "a message")
    sqs.delete_message(QueueUrl=URL, ReceiptHandle=found[0]["ReceiptHandle"])
    body: dict[str, Any] = json.loads(found[0]["Body"])
    return body


def test_a_step_waits_for_its_answer_and_passes_it_on(lab: Lab) -> None:
    test = {"Type": "Equals", "LeftValue": get("Steps.Ask.OutputParameters['uri']"), "RightValue": "s3://a/b"}
    raw = definition(callback("Ask", "uri", number=5, text="x"), condition("Same", test, [fail("Yes", "same")], []))
    execution = lab.create(raw)
    engine = lab.engine(execution.arn)
    message = receive(lab)
    token = message.pop("token")
    assert message == {
        "pipelineExecutionArn": execution.arn,
        "arguments": {"number": 5, "text": "x"},
        "status": "Executing",
    }
    client("sagemaker", lab.store.home.root).send_pipeline_execution_step_success(
        CallbackToken=token, OutputParameters=[{"Name": "uri", "Value": "s3://a/b"}]
    )
    engine.wait(20)
    ended = lab.ended(execution.arn)
    assert ended.execution.failure_reason == "same"
    assert ended.steps["Ask"].properties == {"OutputParameters": {"uri": "s3://a/b"}}
    listed = client("sagemaker", lab.store.home.root).list_pipeline_execution_steps(PipelineExecutionArn=execution.arn)[
        "PipelineExecutionSteps"
    ]
    assert next(step["Metadata"]["Callback"] for step in listed if step["StepName"] == "Ask") == {
        "CallbackToken": token,
        "SqsQueueUrl": URL,
        "OutputParameters": [{"Name": "uri", "Value": "s3://a/b"}],
    }


def test_a_function_behind_the_queue_answers(lab: Lab) -> None:
    register(
        lab.store,
        "worker",
        """
        import json
        import boto3
        def handler(event, context):
            for record in event["Records"]:
                message = json.loads(record["body"])
                boto3.client("sagemaker").send_pipeline_execution_step_failure(
                    CallbackToken=message["token"], FailureReason=f"no {message['arguments']['what']} here")
        """,
        queue=URL,
    )
    ended = lab.run(definition(callback("Ask", what="gold")))
    assert ended.execution.failure_reason == "Step Ask failed: no gold here"
    assert settle(lab.store, 30)


def test_after_the_engines_death_the_same_token_is_waited_for(lab: Lab) -> None:
    execution = lab.create(definition(callback("Ask")))
    engine = lab.engine(execution.arn)
    token = receive(lab)["token"]
    os.kill(engine.pid, signal.SIGKILL)
    engine.wait(20)
    assert lab.store.executions.reopen(execution.arn, 0.0)
    engine = lab.engine(execution.arn)
    lab.await_step(execution.arn, "Ask")
    client("sagemaker", lab.store.home.root).send_pipeline_execution_step_success(CallbackToken=token)
    engine.wait(20)
    ended = lab.ended(execution.arn)
    assert ended.statuses == {"Ask": "Succeeded"}
    assert ended.log("Ask").count("Sent the token") == 1


def test_a_stop_asks_the_worker_and_waits_for_its_answer(lab: Lab) -> None:
    execution = lab.create(definition(callback("Ask")))
    engine = lab.engine(execution.arn)
    asked = receive(lab)
    lab.store.executions.request_stop(execution.arn, 0.0)
    told = receive(lab)
    assert told == {**asked, "status": "Stopping"}
    assert engine.poll() is None
    client("sagemaker", lab.store.home.root).send_pipeline_execution_step_failure(
        CallbackToken=told["token"], FailureReason="given up"
    )
    engine.wait(20)
    ended = lab.ended(execution.arn)
    assert (ended.execution.status, ended.steps["Ask"].status, ended.steps["Ask"].reason) == (
        "Stopped",
        "Stopped",
        "given up",
    )


def test_a_stop_takes_back_a_message_that_nobody_has_received(lab: Lab) -> None:
    execution = lab.create(definition(callback("Ask")))
    engine = lab.engine(execution.arn)
    lab.await_step(execution.arn, "Ask")
    lab.store.executions.request_stop(execution.arn, 0.0)
    engine.wait(20)
    assert lab.ended(execution.arn).statuses == {"Ask": "Stopped"}
    assert client("sqs", lab.store.home.root).receive_message(QueueUrl=URL).get("Messages") is None
