"""moto neither answers Callback steps nor stops compilations."""

from __future__ import annotations

import json
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, EmptyResult
from moto.sagemaker.responses import SageMakerResponse

_answers: dict[str, dict[str, Any]] = {}


class _ValidationError(ServiceException):
    code = "ValidationException"


class _Conflict(ServiceException):
    code = "ConflictException"


def repair() -> None:
    """Add SendPipelineExecutionStepSuccess, …Failure and StopCompilationJob."""
    added = {
        "send_pipeline_execution_step_success": _send,
        "send_pipeline_execution_step_failure": _send,
        "stop_compilation_job": _stop,
    }
    for name, operation in added.items():
        assert not hasattr(SageMakerResponse, name), f"moto has {name} now: delete this module"
        setattr(SageMakerResponse, name, operation)


def _send(response: SageMakerResponse) -> ActionResult:
    """Take the first answer to a token; its execution is named after the token, since moto's have no steps."""
    given = json.loads(response.body)
    token, request = given.pop("CallbackToken"), given.get("ClientRequestToken")
    earlier = _answers.setdefault(token, given)
    if earlier is not given and earlier.get("ClientRequestToken") != request:
        raise _Conflict(f"The callback token {token} was answered already.")
    arn = f"arn:aws:sagemaker:{response.region}:{response.current_account}:pipeline/any/execution/{token}"
    return ActionResult({"PipelineExecutionArn": arn})


def _stop(response: SageMakerResponse) -> EmptyResult:
    """Refuse: moto's compilations are over as soon as they are made."""
    name = response._get_param("CompilationJobName")
    job = response.sagemaker_backend.describe_compilation_job(name)
    raise _ValidationError(f"The compilation job {name} is in status {job['CompilationJobStatus']}.")
