"""Responses as streams of events, each framed with its length, its headers and two checksums.

Source: Amazon Transcribe Developer Guide, 'Event stream encoding', which describes the framing that all services use.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from typing import Any

from botocore.model import StructureShape

CONTENT_TYPE = "application/vnd.amazon.eventstream"
_TEXT = 7
_PRELUDE, _CHECKSUM = struct.Struct(">II"), struct.Struct(">I")


def write(event: Mapping[str, Any], shape: StructureShape) -> bytes:
    """Return the one event of a stream: its member's name says which, its `eventpayload` travels as it is."""
    ((name, content),) = event.items()
    (payload,) = (
        content[member]
        for member, of in shape.members[name].members.items()  # type: ignore[attr-defined] # events are structures
        if of.serialization.get("eventpayload")
    )
    return frame({":message-type": "event", ":event-type": name, ":content-type": "application/octet-stream"}, payload)


def frame(headers: Mapping[str, str], payload: bytes) -> bytes:
    """Return a message of text headers and a payload."""
    head = b"".join(_header(name.encode(), value.encode()) for name, value in headers.items())
    prelude = _PRELUDE.pack(_PRELUDE.size + 2 * _CHECKSUM.size + len(head) + len(payload), len(head))
    message = prelude + _CHECKSUM.pack(zlib.crc32(prelude)) + head + payload
    return message + _CHECKSUM.pack(zlib.crc32(message))


def _header(name: bytes, value: bytes) -> bytes:
    return struct.pack(">B", len(name)) + name + struct.pack(">BH", _TEXT, len(value)) + value
