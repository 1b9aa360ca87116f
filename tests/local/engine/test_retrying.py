"""Retry policies, by real engines whose jobs are ended by signals."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from local.definition.document import Step
from local.engine.retrying import Policy, policies
from local.jobs.faults import of_error, of_exit
from tests.support.pipelines import Lab, await_value, definition, processing

# Ends itself by a signal until it has been started as often as it is told to.
DIES = (
    "import os,pathlib,signal,sys; log=pathlib.Path(sys.argv[1]); log.open('a').write('x')\n"
    "if len(log.read_text()) < int(sys.argv[2]): os.kill(os.getpid(), signal.SIGKILL)"
)


def policy(*exceptions: str, **members: Any) -> dict[str, Any]:
    return {"ExceptionType": list(exceptions), "IntervalSeconds": 0, "BackoffRate": 1, "MaxAttempts": 3, **members}


INTERNAL = "SageMaker.JOB_INTERNAL_ERROR"


@pytest.mark.parametrize(
    ("policies", "status", "attempts"),
    [
        ([policy(INTERNAL)], "Succeeded", 3),
        ([policy(INTERNAL, MaxAttempts=1)], "Failed", 2),
        ([policy("SageMaker.CAPACITY_ERROR")], "Failed", 1),
        ([], "Failed", 1),
    ],
)
def test_a_job_that_a_signal_ended_is_tried_again_as_often_as_its_policy_says(
    lab: Lab, tmp_path: Path, policies: list[Any], status: str, attempts: int
) -> None:
    step = processing("Dies", DIES, str(tmp_path / "log"), "3", RetryPolicies=policies)

    done = lab.run(definition(step))

    record = done.steps["Dies"]
    assert (record.status, record.attempt, len((tmp_path / "log").read_text())) == (status, attempts, attempts)
    if attempts > 1:
        assert f"Attempt 1 failed with {INTERNAL}" in done.log("Dies")


def test_a_program_that_says_no_is_not_tried_again(lab: Lab) -> None:
    every = policy(INTERNAL, "Step.SERVICE_FAULT", "Step.THROTTLING", "SageMaker.RESOURCE_LIMIT")
    done = lab.run(definition(processing("No", "raise SystemExit(3)", RetryPolicies=[every])))

    assert (done.steps["No"].status, done.steps["No"].attempt) == ("Failed", 1)


def test_a_stop_ends_the_wait_for_the_next_attempt(lab: Lab, tmp_path: Path) -> None:
    step = processing("Dies", DIES, str(tmp_path / "log"), "9", RetryPolicies=[policy(INTERNAL, IntervalSeconds=600)])
    execution = lab.create(definition(step))
    engine = lab.engine(execution.arn)
    await_value(lambda: lab.ended(execution.arn).steps.get("Dies") and waiting(lab, execution.arn), "the wait")

    lab.store.executions.request_stop(execution.arn, time.time())
    engine.wait(timeout=20)

    done = lab.ended(execution.arn)
    assert (done.execution.status, done.statuses) == ("Stopped", {"Dies": "Stopped"})
    assert "before the next attempt" in (done.steps["Dies"].reason or "")


def test_the_wait_for_the_next_attempt_outlives_the_engine(lab: Lab, tmp_path: Path) -> None:
    step = processing("Dies", DIES, str(tmp_path / "log"), "2", RetryPolicies=[policy(INTERNAL, IntervalSeconds=1.5)])
    execution = lab.create(definition(step))
    engine = lab.engine(execution.arn)
    due = await_value(lambda: waiting(lab, execution.arn), "the wait")
    engine.kill()
    engine.wait()

    done = lab.resume(execution.arn)

    record = done.steps["Dies"]
    assert (record.status, record.attempt, record.handle) == ("Succeeded", 2, None)
    assert (record.ended or 0.0) >= due


def waiting(lab: Lab, arn: str) -> float | None:
    record = lab.store.steps.get(arn, "Dies")
    return None if record is None or record.handle is None else record.handle.get("retries", {}).get("until")


def test_pauses_grow_by_the_backoff_until_the_policy_expires() -> None:
    counted = Policy(frozenset(), interval=2, backoff=3, attempts=2)
    timed = Policy(frozenset(), interval=2, backoff=3, attempts=None, expires=60)

    assert [counted.pause(used, 0) for used in range(3)] == [2, 6, None]
    assert [timed.pause(0, elapsed) for elapsed in (0, 58, 59)] == [2, 2, None]


def test_what_the_service_retries_by_itself_is_retried_without_a_policy() -> None:
    own = {"ExceptionType": ["Step.THROTTLING"], "MaxAttempts": 1}

    (default,) = policies(Step("A", "Training", {}))
    first, rest = policies(Step("A", "Training", {}, retry_policies=(own,)))

    assert (default.exceptions, default.attempts) == (frozenset({"Step.SERVICE_FAULT", "Step.THROTTLING"}), 5)
    assert (first.attempts, rest.exceptions) == (1, frozenset({"Step.SERVICE_FAULT"}))
    assert policies(Step("A", "Lambda", {}, retry_policies=(own,))) == []
    assert INTERNAL not in policies(Step("A", "Tuning", {}, retry_policies=(policy(INTERNAL),)))[0].exceptions


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(28, "No space left on device"), "SageMaker.RESOURCE_LIMIT"),
        (OSError(12, "Cannot allocate memory"), "SageMaker.CAPACITY_ERROR"),
        (OSError(5, "Input/output error"), "Step.SERVICE_FAULT"),
        (FileNotFoundError(2, "No such file"), None),
        (ValueError("no"), None),
    ],
)
def test_errors_of_the_surroundings_have_exception_types(error: Exception, expected: str | None) -> None:
    assert of_error(error) == expected
    wrapped = ValueError("wrapped")
    wrapped.__cause__ = error
    assert of_error(wrapped) == expected


def test_exit_codes_of_signals_are_internal_errors() -> None:
    assert [of_exit(code) for code in (-9, 137, 1, 0, None)] == [INTERNAL, INTERNAL, None, None, None]
