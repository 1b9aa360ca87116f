"""Callback steps answered: by functions and by whoever else holds a token."""

from __future__ import annotations

from local.api import errors
from local.api.call import Call, Response
from local.registry import callbacks


def send_pipeline_execution_step_success(call: Call) -> Response:
    """Let a step that waits at a token succeed with outputs."""
    outputs: dict[str, str] = {}
    for output in call.params.get("OutputParameters") or ():
        if output["Name"] in outputs:
            raise errors.invalid(f"The output parameter {output['Name']!r} is given twice. Give each output once.")
        outputs[output["Name"]] = output["Value"]
    token, request = call.params["CallbackToken"], call.params.get("ClientRequestToken")
    answered = callbacks.succeed(call.store, token, outputs, request_token=request, now=call.now)
    return {"PipelineExecutionArn": answered.body["execution"]}


def send_pipeline_execution_step_failure(call: Call) -> Response:
    """Let a step that waits at a token fail with a reason."""
    reason = call.params.get("FailureReason") or "The callback gave no reason."
    token, request = call.params["CallbackToken"], call.params.get("ClientRequestToken")
    answered = callbacks.fail(call.store, token, reason, request_token=request, now=call.now)
    return {"PipelineExecutionArn": answered.body["execution"]}


OPERATIONS = {
    "SendPipelineExecutionStepSuccess": send_pipeline_execution_step_success,
    "SendPipelineExecutionStepFailure": send_pipeline_execution_step_failure,
}
