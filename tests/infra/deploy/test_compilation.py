"""What has models compiled, deployed for a problem that asks for it, and called as Lambda calls it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.functions import compile_follow, compile_start
from tests.infra.deploy.deployed import Deployed, changed
from tests.infra.deploy.test_permissions import asked, role, steps
from tests.infra.deploy.test_pipelines import key_arn, role_arn
from tests.support.iam import ALLOWED, NOT_ALLOWED, Call, decision
from tests.support.recorded import Recorder, check

TOKEN = "abcdefghij"  # noqa: S105 - of a Callback step


@pytest.fixture
def recorder(equipped: Deployed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    with Recorder(equipped.server) as recorder:
        for module in (compile_start, compile_follow):
            monkeypatch.setattr(module, "boto3", recorder)
        yield recorder


def function(equipped: Deployed, name: str) -> Any:
    return equipped.client("lambda").get_function(FunctionName=f"sageline-{name}")["Configuration"]


def queue(equipped: Deployed, name: str) -> tuple[str, Any]:
    """A queue's URL and attributes."""
    url = equipped.client("sqs").get_queue_url(QueueName=f"sageline-{name}")["QueueUrl"]
    return url, equipped.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


def as_in(equipped: Deployed, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give this process the environment of a deployed function."""
    for variable, value in function(equipped, name)["Environment"]["Variables"].items():
        monkeypatch.setenv(variable, value)


def record(message: Any, received: int = 1) -> dict[str, Any]:
    body = message if isinstance(message, str) else json.dumps(message)
    return {"Records": [{"messageId": "m", "body": body, "attributes": {"ApproximateReceiveCount": str(received)}}]}


def message(equipped: Deployed, **changes: Any) -> dict[str, Any]:
    """What the service sends for the deployed Compile step, with addresses in place of what earlier steps give."""
    given = dict(steps(equipped, "compiled")["Compile-ml-m5"]["Arguments"])
    bucket = equipped.one("data", "AWS::S3::Bucket", "Artifacts")
    given |= {"S3Uri": f"s3://{bucket}/neo/model.tar.gz", "S3OutputLocation": f"s3://{bucket}/compiled"}
    return {"token": TOKEN, "arguments": given, "status": "Executing", **changes}


def test_a_problem_that_compiles_brings_what_compiles_and_changes_no_other_pipeline(equipped: Deployed) -> None:
    done = changed(equipped.events("pipelines"))
    made = {name for name, status in done.items() if status == "CREATE_COMPLETE"}
    assert {name for name in made if name.startswith(("CompileStart", "CompileFollow", "Compilation"))}
    assert not [name for name in done if name.startswith(("Pipelinebreast", "Pipelinedia", "Pipelinedig"))]


def test_its_step_sends_to_the_queue_that_feeds_the_function(equipped: Deployed) -> None:
    url, attributes = queue(equipped, "compile")
    for name in ("Compile-ml-m5", "Compile-linux-arm64"):
        assert steps(equipped, "compiled")[name]["SqsQueueUrl"] == url
    granted = role(equipped, "identity", "Pipeline")
    for name in ("ExportForNeo", "Compile-ml-m5"):
        calls = asked(equipped, "compiled", steps(equipped, "compiled")[name])
        assert [call for call in calls if decision(granted, call) != ALLOWED] == []
    other = Call("sqs:SendMessage", attributes["QueueArn"].replace("compile", "compile-follow"))
    assert decision(granted, other) == NOT_ALLOWED


@pytest.mark.parametrize("name", ["compile", "compile-follow"])
def test_a_queue_is_encrypted_keeps_what_fails_and_feeds_its_function_alone(equipped: Deployed, name: str) -> None:
    _, attributes = queue(equipped, name)
    assert attributes["KmsMasterKeyId"] == key_arn(equipped, "Operations")
    dead = equipped.one("pipelines", "AWS::SQS::Queue", "Undelivered")
    redrive = json.loads(attributes["RedrivePolicy"])
    assert redrive["deadLetterTargetArn"].rpartition(":")[2] == dead.rpartition("/")[2]
    fed = "compile-start" if name == "compile" else name
    settings = function(equipped, fed)
    assert int(settings["Environment"]["Variables"]["MOST_RECEIVES"]) < redrive["maxReceiveCount"]
    assert int(attributes["VisibilityTimeout"]) >= 6 * settings["Timeout"]
    mappings = equipped.client("lambda").list_event_source_mappings(EventSourceArn=attributes["QueueArn"])
    (mapping,) = mappings["EventSourceMappings"]
    assert mapping["FunctionArn"].endswith(f":function:sageline-{fed}")
    assert (mapping["BatchSize"], mapping["FunctionResponseTypes"]) == (1, ["ReportBatchItemFailures"])


def test_jobs_have_the_role_the_key_and_the_network_of_the_environment(
    equipped: Deployed, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_in(equipped, "compile-start", monkeypatch)
    given = message(equipped)
    assert compile_start.handler(record(given), None) == {"batchItemFailures": []}
    # The same again is the same job; one that is over cannot be stopped; and what is refused is told.
    assert compile_start.handler(record(given), None) == {"batchItemFailures": []}
    assert compile_start.handler(record({**given, "status": "Stopping"}), None) == {"batchItemFailures": []}
    assert compile_start.handler(record({**given, "arguments": {}}, received=5), None) == {"batchItemFailures": []}
    name = compile_start.job_name(given)
    job = equipped.client("sagemaker").describe_compilation_job(CompilationJobName=name)
    assert job["RoleArn"] == role_arn(equipped, "identity", "Compilation")
    assert job["OutputConfig"]["KmsKeyId"] == key_arn(equipped, "Artifacts")
    assert set(job["VpcConfig"]["Subnets"]) == set(equipped.physical("network", "AWS::EC2::Subnet").values())
    granted = role(equipped, "pipelines", "CompileStart")
    check(recorder, granted)
    elsewhere = Call("iam:PassRole", role_arn(equipped, "identity", "Pipeline"), _PASSED)
    assert decision(granted, elsewhere) == NOT_ALLOWED
    follow_url, _ = queue(equipped, "compile-follow")
    counted = equipped.client("sqs").get_queue_attributes(
        QueueUrl=follow_url, AttributeNames=["ApproximateNumberOfMessagesDelayed"]
    )
    assert counted["Attributes"]["ApproximateNumberOfMessagesDelayed"] == "2"


_PASSED = {"iam:PassedToService": "sagemaker.amazonaws.com"}


def test_following_and_answering_take_exactly_what_the_role_has(
    equipped: Deployed, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_in(equipped, "compile-start", monkeypatch)
    given = message(equipped, token="klmnopqrst")  # noqa: S106 - of a Callback step
    compile_start.handler(record(given), None)
    recorder.calls.clear()
    as_in(equipped, "compile-follow", monkeypatch)
    name = compile_start.job_name(given)
    look = {"token": given["token"], "job": name, "looks": 0}
    assert compile_follow.handler(record(look), None) == {"batchItemFailures": []}
    event = {"detail": {"CompilationJobName": name}}
    assert compile_follow.handler(event, None) == {"Status": "COMPLETED"}
    gone = {**look, "token": "uvwxyzabcd", "job": "sageline-gone"}
    assert compile_follow.handler(record(gone), None) == {"batchItemFailures": []}
    # moto's jobs are over at once: one that goes on is looked at again.
    monkeypatch.setattr(compile_follow, "settle", lambda *_: False)
    assert compile_follow.handler(record(look), None) == {"batchItemFailures": []}
    check(recorder, role(equipped, "pipelines", "CompileFollow"))


def test_what_is_given_up_comes_to_the_queue_that_an_alarm_watches(
    equipped: Deployed, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_in(equipped, "compile-follow", monkeypatch)
    assert compile_follow.handler(record("no json", received=5), None) == {"batchItemFailures": []}
    dead = equipped.one("pipelines", "AWS::SQS::Queue", "Undelivered")
    received = equipped.client("sqs").receive_message(QueueUrl=dead, MaxNumberOfMessages=10)["Messages"]
    assert "no json" in [each["Body"] for each in received]
    granted = role(equipped, "pipelines", "CompileFollow")
    assert [call for call in recorder.calls if decision(granted, call) != ALLOWED] == []
    name = equipped.one("pipelines", "AWS::CloudWatch::Alarm", "Undelivered")
    (alarm,) = equipped.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": dead.rpartition("/")[2]}]
