from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.functions import compile_follow, compile_start
from local.registry import callbacks, compilation_jobs
from local.store.home import Home
from local.store.store import Store
from tests.infra.functions.compiling import AGAIN, DONE, ENVIRONMENT, EXECUTION, NAMES, Laptop, laptop, records

JOB = "sageline-two-words-linux-arm64-0123456789ab"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Laptop:
    """A laptop with a job under way, of which no process takes care."""
    found = laptop(Store(Home(tmp_path / "home")))
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "client", found.client)
    request = compile_start.request(JOB, found.message())
    compilation_jobs.create(found.store, request, now=time.time())
    return found


def end(place: Laptop, status: str, reason: str = "") -> None:
    compilation_jobs.change(place.store, JOB, status, now=time.time(), FailureReason=reason)


def look(place: Laptop, *, received: int = 1, **changes: Any) -> Any:
    message = {"token": place.token, "job": JOB, "looks": 0, **changes}
    return compile_follow.handler(records(message, received=received), None)


def event(name: str = JOB) -> dict[str, Any]:
    return {
        "source": "aws.sagemaker",
        "detail-type": "SageMaker Compilation Job State Change",
        "detail": {"CompilationJobName": name, "CompilationJobStatus": "Completed"},
    }


def outputs() -> dict[str, str]:
    return {
        "ModelArtifacts": "s3://artifacts/compiled/model-LINUX_ARM64.tar.gz",
        "CompilationJobName": JOB,
        "CompilationTarget": "linux/arm64",
    }


def refusing(place: Laptop, monkeypatch: pytest.MonkeyPatch, operation: str, code: str) -> None:
    """Let one operation answer with an error from here on."""

    def fail(model: Any, **_: Any) -> None:
        raise ClientError({"Error": {"Code": code, "Message": "Not now."}}, model.name)

    def client(service: str) -> Any:
        made = place.client(service)
        made.meta.events.register_first(f"before-call.*.{operation}", fail)
        return made

    monkeypatch.setattr(boto3, "client", client)


def test_a_job_that_goes_on_is_looked_at_again_later_and_later(place: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    assert look(place) == DONE
    assert place.answered() == ("Waiting", None)
    (again,) = place.waiting(NAMES[0])
    assert (again["token"], again["job"], again["looks"]) == (place.token, JOB, 1)
    assert time.time() - again["since"] < 60
    delays: list[Any] = []

    def client(service: str) -> Any:
        made = place.client(service)
        made.meta.events.register("provide-client-params.sqs.SendMessage", lambda params, **_: delays.append(params))
        return made

    monkeypatch.setattr(boto3, "client", client)
    for looks in (0, 1, 5, 100):
        look(place, looks=looks)
    assert [each["DelaySeconds"] for each in delays] == [20, 30, 70, 120]


def test_a_job_that_is_done_answers_the_step_with_the_artefact(place: Laptop) -> None:
    end(place, "COMPLETED")
    assert look(place) == DONE
    assert place.answered() == ("Succeeded", outputs())
    assert place.waiting(NAMES[0]) == []


@pytest.mark.parametrize("spelling", ["Completed", "completed", "COMPLETED"])
def test_states_are_the_same_however_they_are_spelt(spelling: str, place: Laptop) -> None:
    job = {
        **place.client("sagemaker").describe_compilation_job(CompilationJobName=JOB),
        "CompilationJobStatus": spelling,
    }
    assert compile_follow.settle(place.token, job)
    assert place.answered() == ("Succeeded", outputs())


def test_a_job_that_failed_answers_with_the_services_reason_within_what_the_call_takes(place: Laptop) -> None:
    end(place, "FAILED", "ClientError: InputConfiguration: " + "no model file " * 70)
    assert look(place) == DONE
    status, reason = place.answered()
    assert status == "Failed"
    assert reason.startswith(f"The compilation {JOB} failed. ClientError: InputConfiguration: no model file")
    assert (len(reason), reason[-1]) == (256, "…")


def test_a_job_that_was_stopped_or_deleted_answers_too(place: Laptop) -> None:
    end(place, "STOPPED")
    assert look(place) == DONE
    assert place.answered() == ("Failed", f"The compilation {JOB} was stopped.")
    other = callbacks.open_token(place.store, EXECUTION, "Other", now=3.0).name
    assert look(place, token=other, job="sageline-gone") == DONE
    found = place.store.resources.get(callbacks.KIND, other)
    assert found is not None
    assert found.body["reason"] == "The compilation sageline-gone was deleted before it was finished."


def test_an_event_only_hastens_the_answer_and_both_may_come(place: Laptop) -> None:
    assert compile_follow.handler(event(), None) == {"Status": "STARTING"}
    assert place.answered() == ("Waiting", None)
    end(place, "COMPLETED")
    for _ in range(2):
        assert compile_follow.handler(event(), None) == {"Status": "COMPLETED"}
    assert look(place) == DONE
    assert place.answered() == ("Succeeded", outputs())


def test_an_event_of_somebody_elses_job_answers_nothing(place: Laptop) -> None:
    request = {**compile_start.request("theirs", place.message()), "Tags": []}
    compilation_jobs.create(place.store, request, now=time.time())
    compilation_jobs.change(place.store, "theirs", "COMPLETED", now=time.time())
    assert compile_follow.handler(event("theirs"), None) == {"Status": "COMPLETED"}
    assert compile_follow.handler(event("unknown"), None) == {"Status": "none"}
    assert place.answered() == ("Waiting", None)


def test_an_event_that_cannot_be_followed_is_left_to_the_next_look(
    place: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    end(place, "COMPLETED")
    refusing(place, monkeypatch, "ListTags", "ThrottlingException")
    assert compile_follow.handler(event(), None) == {"Status": "none"}
    assert look(place) == DONE
    assert place.answered()[0] == "Succeeded"


def test_a_token_that_was_answered_or_has_expired_is_no_error(place: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    end(place, "COMPLETED")
    assert look(place) == DONE
    callbacks.close(place.store, place.token, now=time.time())
    assert look(place) == DONE
    assert look(place, token="expired000") == DONE  # noqa: S106 - a callback token
    refusing(place, monkeypatch, "SendPipelineExecutionStepSuccess", "ConflictException")
    assert look(place) == DONE
    assert place.waiting(NAMES[1]) == []


def test_an_error_that_passes_is_tried_again_and_one_that_stays_is_told_and_kept(
    place: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(place, monkeypatch, "DescribeCompilationJob", "InternalFailure")
    assert look(place, received=1) == look(place, received=2) == AGAIN
    assert place.answered() == ("Waiting", None)
    assert look(place, received=3) == DONE
    status, reason = place.answered()
    assert status == "Failed"
    assert reason.startswith(f"The compilation {JOB} could not be followed. ClientError: An error occurred (Internal")
    assert place.waiting(NAMES[1]) == [{"token": place.token, "job": JOB, "looks": 0}]


def test_a_message_stays_until_its_step_could_be_told(place: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    end(place, "FAILED", "no")
    refusing(place, monkeypatch, "SendPipelineExecutionStepFailure", "ThrottlingException")
    for received in (1, 3, 30):
        assert look(place, received=received) == AGAIN
    assert place.waiting(NAMES[1]) == []
    monkeypatch.setattr(boto3, "client", place.client)
    assert look(place, received=31) == DONE
    assert place.answered()[0] == "Failed"


def test_a_job_that_outlives_every_step_is_not_looked_at_for_ever(place: Laptop) -> None:
    assert look(place, looks=5_000, since=time.time() - 8 * 24 * 3600) == DONE
    assert place.waiting(NAMES[0]) == []


def test_what_is_no_message_is_kept_with_the_dead_letters(place: Laptop) -> None:
    assert compile_follow.handler(records("no json"), None) == DONE
    kept = place.client("sqs").receive_message(QueueUrl=ENVIRONMENT["DEAD_LETTER_QUEUE_URL"])["Messages"]
    assert [each["Body"] for each in kept] == ["no json"]


def test_what_both_functions_know_of_the_service_and_of_each_other_is_the_same() -> None:
    for name in ("TOKEN_TAG", "LONGEST_REASON", "FIRST_LOOK_SECONDS", "SETTLED"):
        assert getattr(compile_start, name) == getattr(compile_follow, name)
