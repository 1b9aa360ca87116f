"""Callback tokens answered through boto3, once, by an execution that still runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from local.registry import callbacks
from local.store.executions import new_execution
from local.store.names import execution_arn
from local.store.store import Store

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

Refused = Callable[..., tuple[str, str]]
EXECUTION = execution_arn("demo", "abcdefghijkl")


@pytest.fixture
def token(store: Store) -> str:
    record = new_execution(
        arn=EXECUTION,
        execution_id="abcdefghijkl",
        pipeline="demo",
        token="t" * 32,
        definition="{}",
        parameters={},
        body={},
        now=1.0,
    )
    store.executions.create(record)
    return callbacks.open_token(store, EXECUTION, "Wait", now=2.0).name


def test_a_step_succeeds_with_outputs(sagemaker: SageMakerClient, store: Store, token: str) -> None:
    answer = sagemaker.send_pipeline_execution_step_success(
        CallbackToken=token, OutputParameters=[{"Name": "a", "Value": "1"}], ClientRequestToken="r" * 32
    )
    assert answer["PipelineExecutionArn"] == EXECUTION
    found = store.resources.get(callbacks.KIND, token)
    assert found is not None
    assert {name: found.body[name] for name in ("execution", "step", "status", "outputs")} == {
        "execution": EXECUTION,
        "step": "Wait",
        "status": callbacks.SUCCEEDED,
        "outputs": {"a": "1"},
    }


def test_a_step_fails_with_a_reason_of_256_characters(
    sagemaker: SageMakerClient, store: Store, token: str, refused: Refused
) -> None:
    code, message = refused(
        sagemaker.send_pipeline_execution_step_failure, CallbackToken=token, FailureReason="x" * 257
    )
    assert code == "ValidationException"
    assert "Member must have length less than or equal to 256" in message
    sagemaker.send_pipeline_execution_step_failure(CallbackToken=token, FailureReason="x" * 256)
    found = store.resources.get(callbacks.KIND, token)
    assert found is not None
    assert (found.body["status"], found.body["reason"]) == (callbacks.FAILED, "x" * 256)


def test_a_token_is_answered_once(sagemaker: SageMakerClient, token: str, refused: Refused) -> None:
    for _ in range(2):
        sagemaker.send_pipeline_execution_step_success(CallbackToken=token, ClientRequestToken="r" * 32)
    assert refused(sagemaker.send_pipeline_execution_step_failure, CallbackToken=token) == (
        "ConflictException",
        f"Callback token '{token}' was answered already: the step Wait Succeeded.",
    )


def test_tokens_that_nobody_waits_at(sagemaker: SageMakerClient, store: Store, token: str, refused: Refused) -> None:
    assert refused(sagemaker.send_pipeline_execution_step_success, CallbackToken="a" * 10) == (
        "ResourceNotFound",
        "Callback token 'aaaaaaaaaa' does not exist.",
    )
    twice = [{"Name": "a", "Value": "1"}, {"Name": "a", "Value": "2"}]
    code, _ = refused(sagemaker.send_pipeline_execution_step_success, CallbackToken=token, OutputParameters=twice)
    assert code == "ValidationException"
    callbacks.close(store, token, now=3.0)
    assert refused(sagemaker.send_pipeline_execution_step_success, CallbackToken=token) == (
        "ConflictException",
        f"No step waits at the callback token '{token}' any more.",
    )


def test_a_token_is_answered_also_where_the_engine_has_died(
    sagemaker: SageMakerClient, store: Store, token: str
) -> None:
    store.executions.set_status(EXECUTION, "Failed", "The engine ended unexpectedly.", 3.0)
    sagemaker.send_pipeline_execution_step_success(CallbackToken=token)
    found = store.resources.get(callbacks.KIND, token)
    assert found is not None
    assert found.status == callbacks.SUCCEEDED
