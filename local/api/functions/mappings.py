"""Event source mappings: queues that feed functions."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local.api import paging
from local.api.call import Call, Handler, Response
from local.api.errors import ServiceError
from local.api.functions import lookups
from local.functions import mappings, queues
from local.functions.mappings import SourceMapping
from local.functions.wake import wake

MOST_AT_ONCE = 10
"""Messages in a batch that is not waited for."""
_PARTIAL = "ReportBatchItemFailures"
# Members that change which messages are delivered, and how: without them, others would be.
_NOT_HERE = ("FilterCriteria", "SelfManagedEventSource", "Topics", "Queues", "StartingPosition")


def create(call: Call) -> Response:
    """Let a queue feed a function."""
    function, queue = lookups.function(call), _queue(call)
    _check(call.params)
    with call.store.database.transaction():
        for each in mappings.mappings(call.store):
            if (each.queue, each.function) == (queue, function.arn):
                raise ServiceError(
                    "ResourceConflictException",
                    f'An event source mapping with SQS arn (" {queue} ") and function (" {function.name} ") already '
                    f"exists. Please update or delete the existing mapping with UUID {each.uuid}",
                    status=409,
                )
        made = _changed(SourceMapping(str(uuid.uuid4()), function.arn, queue), call)
        mappings.put(call.store, made)
    wake(call.store)
    return _shown(made)


def get(call: Call) -> Response:
    """Return a mapping."""
    return _shown(_mapping(call))


def list_mappings(call: Call) -> Response:
    """Return the mappings, those of a function or a queue where one is named."""
    found = mappings.mappings(call.store)
    if call.params.get("FunctionName"):
        arn = lookups.function(call).arn
        found = [each for each in found if each.function == arn]
    if call.params.get("EventSourceArn"):
        found = [each for each in found if each.queue == call.params["EventSourceArn"]]
    params = {"NextToken": call.params.get("Marker"), "MaxResults": call.params.get("MaxItems")}
    chosen, marker = paging.page(found, params, lambda each: (each.uuid, each.uuid), descending=False)
    answer = {"EventSourceMappings": [_shown(each) for each in chosen]}
    return {**answer, **({"NextMarker": marker} if marker else {})}


def update(call: Call) -> Response:
    """Change a mapping: its function, its batches, whether it is on."""
    _check(call.params)
    with call.store.database.transaction():
        found = _mapping(call)
        if call.params.get("FunctionName"):
            found = replace(found, function=lookups.function(call).arn)
        changed = _changed(found, call)
        mappings.put(call.store, changed)
    wake(call.store)
    return _shown(changed)


def delete(call: Call) -> Response:
    """Let a queue feed a function no more."""
    found = _mapping(call)
    call.store.resources.delete(mappings.KIND, found.uuid)
    return {**_shown(found), "State": "Deleting"}


def _mapping(call: Call) -> SourceMapping:
    found = mappings.find(call.store, call.params["UUID"])
    if found is None:
        raise ServiceError("ResourceNotFoundException", "The resource you requested does not exist.", status=404)
    return found


def _queue(call: Call) -> str:
    arn = str(call.params.get("EventSourceArn") or "")
    if not queues.is_arn(arn):
        raise _invalid(f"Unrecognized event source {arn!r}: the laptop feeds functions from queues (SQS) alone.")
    if queues.find(call.store, arn) is None:
        raise _invalid(f"The queue {arn} does not exist. Create it first.")
    return arn


def _check(params: Mapping[str, Any]) -> None:
    for name in _NOT_HERE:
        if params.get(name):
            raise _invalid(f"The laptop does not carry out {name}: leave it out.")
    size, window = params.get("BatchSize") or 1, params.get("MaximumBatchingWindowInSeconds") or 0
    if size > MOST_AT_ONCE and not window:
        least = f"greater than 0 if maximum batch size is greater than {MOST_AT_ONCE}"
        raise _invalid(f"Maximum batch window in seconds must be {least}")


def _changed(found: SourceMapping, call: Call) -> SourceMapping:
    """Return a mapping with what a request says of it."""
    params = call.params
    types = params.get("FunctionResponseTypes")
    return replace(
        found,
        batch_size=params.get("BatchSize") or found.batch_size,
        window=params.get("MaximumBatchingWindowInSeconds", found.window),
        report_failures=found.report_failures if types is None else _PARTIAL in types,
        enabled=params.get("Enabled", found.enabled),
        modified=call.now,
    )


def _shown(found: SourceMapping) -> dict[str, Any]:
    return {
        "UUID": found.uuid,
        "EventSourceMappingArn": found.arn,
        "EventSourceArn": found.queue,
        "FunctionArn": found.function,
        "BatchSize": found.batch_size,
        "MaximumBatchingWindowInSeconds": found.window,
        "FunctionResponseTypes": [_PARTIAL] if found.report_failures else [],
        "LastModified": found.modified,
        "State": "Enabled" if found.enabled else "Disabled",
        "StateTransitionReason": "USER_INITIATED",
    }


def _invalid(message: str) -> ServiceError:
    return ServiceError("InvalidParameterValueException", message)


OPERATIONS: dict[str, Handler] = {
    "CreateEventSourceMapping": create,
    "DeleteEventSourceMapping": delete,
    "GetEventSourceMapping": get,
    "ListEventSourceMappings": list_mappings,
    "UpdateEventSourceMapping": update,
}
