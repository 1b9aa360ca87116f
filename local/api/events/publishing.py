"""Events put on the bus, and patterns tried on them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from local.api.call import Call, Handler, Response
from local.api.errors import ServiceError
from local.functions import patterns
from local.functions.wake import wake

_REQUIRED = ("Source", "DetailType", "Detail")


def put_events(call: Call) -> Response:
    """Record events; each that does not fit is answered by itself, the others are delivered."""
    entries = [_put(call, entry) for entry in call.params["Entries"]]
    wake(call.store)
    return {"FailedEntryCount": sum("ErrorCode" in entry for entry in entries), "Entries": entries}


def test_event_pattern(call: Call) -> Response:
    """Say whether a pattern takes an event."""
    pattern, event = _json(call.params["EventPattern"]), _json(call.params["Event"])
    try:
        patterns.check(pattern)
        return {"Result": patterns.matches(pattern, event)}
    except patterns.PatternError as error:
        raise ServiceError("InvalidEventPatternException", f"Event pattern is not valid. Reason: {error}") from None


def _put(call: Call, entry: Mapping[str, Any]) -> dict[str, Any]:
    missing = [name for name in _REQUIRED if not entry.get(name)]
    if missing:
        return {"ErrorCode": "InvalidArgument", "ErrorMessage": f"Parameter {missing[0]} is not valid."}
    if str(entry["Source"]).startswith("aws."):
        return {"ErrorCode": "NotAuthorizedForSource", "ErrorMessage": "Not authorized for the source."}
    try:
        detail = json.loads(entry["Detail"])
    except (ValueError, RecursionError):
        detail = None
    if not isinstance(detail, dict):
        return {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
    moment = float(entry.get("Time") or call.now)
    call.store.events.record(
        entry["DetailType"], detail, entry.get("Resources") or [], now=moment, source=entry["Source"]
    )
    return {"EventId": str(uuid.uuid4())}


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ServiceError("ValidationException", f"The text is not JSON: {error}") from None


OPERATIONS: dict[str, Handler] = {"PutEvents": put_events, "TestEventPattern": test_event_pattern}
