"""The operations of CloudWatch Logs that the laptop offers."""

from __future__ import annotations

import itertools
import re
from typing import Any

from local.api import paging
from local.api.call import Call, Handler, Response
from local.api.errors import ServiceError
from local.api.logs import events, streams
from local.api.logs.events import Line
from local.api.logs.patterns import compile_pattern
from local.api.logs.streams import Stream
from local.store.names import arn

MAX_EVENTS = 10_000
MAX_BYTES = 1 << 20
# CloudWatch counts this much for an event beside its text.
EVENT_BYTES = 26
MAX_STREAMS = 50
_TOKEN = re.compile(r"([fb])/(\d{1,18})")


def describe_log_groups(call: Call) -> Response:
    """Return the groups that the laptop has."""
    prefix = call.params.get("logGroupNamePrefix", "")
    names = [name for name in sorted(streams.groups(call.store)) if name.startswith(prefix)]
    return {"logGroups": [{"logGroupName": name, "arn": arn(f"log-group:{name}:*", "logs")} for name in names]}


def describe_log_streams(call: Call) -> Response:
    """Return a group's streams, by name or by the time of their last event."""
    params = call.params
    group = streams.group_of(call.store, params.get("logGroupName"), params.get("logGroupIdentifier"))
    by_time = params.get("orderBy") == "LastEventTime"
    chosen, token = paging.page(
        streams.matching(call.store, group, params.get("logStreamNamePrefix", "")),
        {
            "NextToken": params.get("nextToken"),
            "MaxResults": params.get("limit"),
            "SortOrder": "Descending" if params.get("descending") else "Ascending",
        },
        lambda each: (each.started if by_time else each.name, each.name),
        descending=False,
        limit=MAX_STREAMS,
    )
    return {"logStreams": [_describe(each) for each in chosen], **({"nextToken": token} if token else {})}


def get_log_events(call: Call) -> Response:
    """Return a stream's lines around a token, from its start, or its last ones; the token says where to go on."""
    params = call.params
    group = streams.group_of(call.store, params.get("logGroupName"), params.get("logGroupIdentifier"))
    stream = streams.find(call.store, group, params["logStreamName"])
    limit = params.get("limit", MAX_EVENTS)
    token = params.get("nextToken")
    direction, offset = _read_token(token) if token else ("f" if params.get("startFromHead") else "b", None)
    if direction == "f":
        lines = _within_bytes(events.forwards(stream, offset or 0), limit)
    else:
        lines = events.backwards(stream, offset, limit)
    if not _in_time(stream, params):
        lines = []
    first = lines[0].start if lines else offset or 0
    last = lines[-1].end if lines else offset or 0
    return {
        "events": [_event(stream, line, call.now) for line in lines],
        "nextForwardToken": f"f/{last}",
        "nextBackwardToken": f"b/{first}",
    }


def filter_log_events(call: Call) -> Response:
    """Return lines that match a pattern, over all streams of a group or those that the request names."""
    params = call.params
    group = streams.group_of(call.store, params.get("logGroupName"), params.get("logGroupIdentifier"))
    matches = compile_pattern(params.get("filterPattern", ""))
    limit = params.get("limit", MAX_EVENTS)
    token = _read_filter_token(params.get("nextToken"))
    found: list[dict[str, Any]] = []
    for stream in sorted(_named(call, group), key=lambda each: (each.started, each.name)):
        if not _in_time(stream, params) or (token is not None and (stream.started, stream.name) < token[:2]):
            continue
        offset = token[2] if token is not None and stream.name == token[1] else 0
        for line in events.forwards(stream, offset):
            if len(found) == limit:
                return {"events": found, "nextToken": f"{stream.started!r}|{line.start}|{stream.name}"}
            if matches(line.text):
                identity = {"logStreamName": stream.name, "eventId": f"{int(stream.started)}{line.start:020d}"}
                found.append({**_event(stream, line, call.now), **identity})
    return {"events": found}


def _named(call: Call, group: str) -> list[Stream]:
    names = call.params.get("logStreamNames")
    if names:
        return [streams.find(call.store, group, name) for name in dict.fromkeys(names)]
    return list(streams.matching(call.store, group, call.params.get("logStreamNamePrefix", "")))


def _describe(stream: Stream) -> dict[str, Any]:
    first = events.timestamp(stream)
    return {
        "logStreamName": stream.name,
        "creationTime": first,
        "firstEventTimestamp": first,
        "lastEventTimestamp": first,
        "lastIngestionTime": int(stream.path.stat().st_mtime * 1000),
        "uploadSequenceToken": "0",
        "arn": stream.arn,
        "storedBytes": 0,
    }


def _within_bytes(lines: Any, limit: int) -> list[Line]:
    """Return at most `limit` lines and a megabyte, but always one line."""
    taken: list[Line] = []
    size = 0
    for line in itertools.islice(lines, limit):
        size += len(line.text) + EVENT_BYTES
        if taken and size > MAX_BYTES:
            break
        taken.append(line)
    return taken


def _in_time(stream: Stream, params: Any) -> bool:
    moment = events.timestamp(stream)
    return bool(params.get("startTime", 0) <= moment < params.get("endTime", moment + 1))


def _event(stream: Stream, line: Line, now: float) -> dict[str, Any]:
    return {"timestamp": events.timestamp(stream), "message": line.text, "ingestionTime": int(now * 1000)}


def _read_token(token: str) -> tuple[str, int]:
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise _wrong_token()
    return match[1], int(match[2])


def _read_filter_token(token: str | None) -> tuple[float, str, int] | None:
    if token is None:
        return None
    started, _, rest = token.partition("|")
    offset, _, name = rest.partition("|")
    try:
        return float(started), name, int(offset)
    except ValueError:
        raise _wrong_token() from None


def _wrong_token() -> ServiceError:
    return ServiceError("InvalidParameterException", "The specified nextToken is invalid.")


OPERATIONS: dict[str, Handler] = {
    "DescribeLogGroups": describe_log_groups,
    "DescribeLogStreams": describe_log_streams,
    "FilterLogEvents": filter_log_events,
    "GetLogEvents": get_log_events,
}
