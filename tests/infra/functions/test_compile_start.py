from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.functions import compile_start
from local.store.home import Home
from local.store.store import Store
from tests.infra.functions.compiling import (
    AGAIN,
    ARGUMENTS,
    DEAD,
    DONE,
    ENVIRONMENT,
    NAMES,
    Laptop,
    laptop,
    records,
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Laptop:
    found = laptop(Store(Home(tmp_path / "home")))
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "client", found.client)
    return found


def jobs(place: Laptop) -> list[Any]:
    found: list[Any] = place.client("sagemaker").list_compilation_jobs()["CompilationJobSummaries"]
    return found


def broken(place: Laptop, monkeypatch: pytest.MonkeyPatch, *operations: str, code: str = "ThrottlingException") -> None:
    """Let some operations fail from here on."""

    def fail(model: Any, **_: Any) -> None:
        raise ClientError({"Error": {"Code": code, "Message": "Rate exceeded."}}, model.name)

    def client(service: str) -> Any:
        made = place.client(service)
        for each in operations:
            made.meta.events.register_first(f"before-call.*.{each}", fail)
        return made

    monkeypatch.setattr(boto3, "client", client)


def test_a_message_becomes_a_job_with_the_functions_own_role_key_and_network(
    place: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECURITY_GROUP_IDS", '["sg-1"]')
    monkeypatch.setenv("SUBNET_IDS", '["subnet-1", "subnet-2"]')
    given = {**ARGUMENTS, "RoleArn": "arn:aws:iam::1:role/mine", "KmsKeyId": "mine"}
    assert compile_start.handler(records(place.message(arguments=given)), None) == DONE
    (listed,) = jobs(place)
    assert re.fullmatch(r"sageline-two-words-linux-arm64-[0-9a-f]{12}", listed["CompilationJobName"])
    job = place.client("sagemaker").describe_compilation_job(CompilationJobName=listed["CompilationJobName"])
    assert job["RoleArn"] == ENVIRONMENT["ROLE_ARN"]
    assert job["InputConfig"] == {"S3Uri": ARGUMENTS["S3Uri"], "Framework": "XGBOOST"}
    assert job["OutputConfig"] == {
        "S3OutputLocation": "s3://artifacts/compiled",
        "TargetPlatform": {"Os": "LINUX", "Arch": "ARM64"},
        "CompilerOptions": '{"mcpu":"cortex-a72"}',
        "KmsKeyId": ENVIRONMENT["KMS_KEY_ID"],
    }
    assert job["VpcConfig"] == {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1", "subnet-2"]}
    assert job["StoppingCondition"] == {"MaxRuntimeInSeconds": 900}
    tags = place.client("sagemaker").list_tags(ResourceArn=job["CompilationJobArn"])["Tags"]
    assert {each["Key"]: each["Value"] for each in tags} == {
        "sageline:callback-token": place.token,
        "sageline:problem": "two_words",
    }
    assert place.waiting(NAMES[0]) == [{"token": place.token, "job": job["CompilationJobName"], "looks": 0}]


def test_the_same_message_again_makes_no_second_job_and_is_followed(place: Laptop) -> None:
    for _ in range(2):
        assert compile_start.handler(records(place.message()), None) == DONE
    assert len(jobs(place)) == 1
    assert len({each["job"] for each in place.waiting(NAMES[0])}) == 1


def test_steps_and_targets_have_jobs_of_their_own_whose_names_the_service_takes(place: Laptop) -> None:
    long = {
        **ARGUMENTS,
        "Problem": "a_very_long_name_of_a_problem_that_has_40",
        "Target": "linux/x86_64/intel_graphics",
    }
    messages = [
        place.message(),
        place.message(token="other00000"),  # noqa: S106 - a callback token
        place.message(arguments=long),
        place.message(arguments={**ARGUMENTS, "Target": "ml_c5"}),
    ]
    found = {compile_start.job_name(each) for each in messages}
    assert len(found) == 4
    assert all(re.fullmatch(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", each) for each in found)


def test_what_the_service_refuses_is_told_to_the_step_at_once_and_in_the_services_words(place: Laptop) -> None:
    given = {**ARGUMENTS, "Framework": "PYTORCH", "FrameworkVersion": "1.8", "DataInputConfig": '{"x":[1,3]}'}
    assert compile_start.handler(records(place.message(arguments=given)), None) == DONE
    assert jobs(place) == []
    status, reason = place.answered()
    assert status == "Failed"
    assert reason.startswith("The compilation was refused. Framework PYTORCH is not supported on the laptop.")
    assert len(reason) <= 256


def test_an_error_that_passes_is_tried_again_and_the_step_goes_on_waiting(
    place: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(place, monkeypatch, "CreateCompilationJob")
    assert compile_start.handler(records(place.message(), received=1), None) == AGAIN
    assert place.answered() == ("Waiting", None)
    monkeypatch.setattr(boto3, "client", place.client)
    assert compile_start.handler(records(place.message(), received=2), None) == DONE
    assert len(jobs(place)) == 1


def test_what_is_given_up_is_told_first_and_then_kept_with_the_dead_letters(
    place: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(place, monkeypatch, "CreateCompilationJob")
    assert compile_start.handler(records(place.message(), received=3), None) == DONE
    status, reason = place.answered()
    assert status == "Failed"
    assert reason.startswith("The compilation could not be submitted. ClientError: An error occurred (Throttling")
    assert place.waiting(NAMES[1]) == [place.message()]


def test_a_message_stays_until_its_step_could_be_told(place: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(place, monkeypatch, "CreateCompilationJob", "SendPipelineExecutionStepFailure")
    for received in (3, 4, 17):
        assert compile_start.handler(records(place.message(), received=received), None) == AGAIN
    assert place.waiting(NAMES[1]) == []
    # It is told then, and not tried again: the step was given up.
    monkeypatch.setattr(boto3, "client", place.client)
    assert compile_start.handler(records(place.message(), received=18), None) == DONE
    assert place.answered()[0] == "Failed"
    assert jobs(place) == []
    assert place.waiting(NAMES[1]) == [place.message()]


def test_a_message_that_is_none_is_kept_with_the_dead_letters_at_once(place: Laptop) -> None:
    for body in ("no json", "[]", '"text"'):
        assert compile_start.handler(records(body), None) == DONE
    kept = place.client("sqs").receive_message(QueueUrl=DEAD, MaxNumberOfMessages=10)["Messages"]
    assert {each["Body"] for each in kept} == {"no json", "[]", '"text"'}
    assert place.answered() == ("Waiting", None)


def test_a_message_without_arguments_is_told_to_its_step(place: Laptop) -> None:
    message = {"token": place.token}
    assert compile_start.handler(records(message, received=1), None) == AGAIN
    assert compile_start.handler(records(message, received=3), None) == DONE
    assert place.answered()[0] == "Failed"


def test_a_job_whose_look_could_not_be_sent_is_followed_when_the_message_comes_again(
    place: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(place, monkeypatch, "SendMessage")
    assert compile_start.handler(records(place.message()), None) == AGAIN
    assert len(jobs(place)) == 1
    monkeypatch.setattr(boto3, "client", place.client)
    assert compile_start.handler(records(place.message(), received=2), None) == DONE
    assert len(place.waiting(NAMES[0])) == 1


def test_a_step_that_is_stopped_stops_its_job_or_is_answered_where_there_is_none(place: Laptop) -> None:
    assert compile_start.handler(records(place.message(status="Stopping")), None) == DONE
    assert place.answered() == ("Failed", "The execution was stopped before the compilation was submitted.")


def test_stopping_a_job_that_has_ended_changes_nothing(place: Laptop) -> None:
    compile_start.handler(records(place.message()), None)
    (listed,) = jobs(place)
    ended(place, listed["CompilationJobName"])
    assert compile_start.handler(records(place.message(status="Stopping")), None) == DONE
    assert place.answered() == ("Waiting", None)


def ended(place: Laptop, name: str) -> str:
    """Wait for a job's end: there is nothing at its input's address, so it is soon."""
    waiter = place.client("sagemaker")
    for _ in range(400):
        job = waiter.describe_compilation_job(CompilationJobName=name)
        if job["CompilationJobStatus"] in ("COMPLETED", "FAILED", "STOPPED"):
            return str(job["CompilationJobStatus"])
        time.sleep(0.1)
    raise AssertionError(json.dumps(job, default=str))


def test_a_token_that_nobody_waits_at_any_more_is_no_error(place: Laptop) -> None:
    gone = {"token": "gone000000", "arguments": {**ARGUMENTS, "Framework": "ONNX"}}
    message = place.message(**gone)
    assert compile_start.handler(records(message), None) == DONE
