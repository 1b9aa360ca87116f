"""Invoke: a function run to its end, or left to be run."""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any

from local.api.call import Call, Handler, Response
from local.api.errors import ServiceError
from local.api.functions import lookups
from local.functions.invoke import invoke
from local.functions.wake import wake

_TAIL_BYTES = 4096


def invoke_function(call: Call) -> Response:
    """Run a function: RequestResponse waits for what it returns, Event leaves it to be run, DryRun does neither."""
    function = lookups.function(call)
    event = _event(call.params.get("Payload"))
    kind = call.params.get("InvocationType", "RequestResponse")
    if kind == "DryRun":
        return {"StatusCode": 204}
    request = str(uuid.uuid4())
    if kind == "Event":
        call.store.invocations.add(function.name, f"request/{request}", event, due=call.now)
        wake(call.store)
        return {"StatusCode": 202}
    process = invoke(call.store, function, event, request=request)
    outcome = process.wait()
    failed = outcome.error is not None
    answer: dict[str, Any] = {
        "StatusCode": 200,
        "ExecutedVersion": "$LATEST",
        "Payload": json.dumps(outcome.error if failed else outcome.payload).encode(),
    }
    if failed:
        answer["FunctionError"] = "Unhandled"
    if call.params.get("LogType") == "Tail":
        answer["LogResult"] = base64.b64encode(process.log.read_bytes()[-_TAIL_BYTES:]).decode()
    return answer


def _event(payload: Any) -> Any:
    if not payload:
        return {}
    try:
        return json.loads(payload)
    except (ValueError, RecursionError) as error:
        message = f"Could not parse request body into json: {error}"
        raise ServiceError("InvalidRequestContentException", message) from None


OPERATIONS: dict[str, Handler] = {"Invoke": invoke_function}
