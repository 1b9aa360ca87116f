"""What the head of a request for predictions says."""

from __future__ import annotations

import sys
from typing import NamedTuple

from inference.formats.table import RequestError
from inference.server.replies import Headers

NO_LENGTH = -1
_MOST_DIGITS = 18


class Head(NamedTuple):
    """The headers Content-Length, Content-Type, Accept and InvokeEndpoint's custom attributes."""

    length: int
    content_type: str
    accept: str
    attributes: str


def read_head(headers: Headers) -> Head:
    """What the headers say, their names being in lower case; RequestError, 415, where the body is packed."""
    length, content_type, accept, attributes = NO_LENGTH, b"", b"", b""
    for name, value in headers:
        if name == b"content-type":
            content_type = value
        elif name == b"accept":
            accept = value if not accept else accept + b"," + value
        elif name == b"content-length":
            # Longer ones may be too long for Python, and are for anybody else.
            length = int(value) if len(value) <= _MOST_DIGITS else sys.maxsize
        elif name == b"x-amzn-sagemaker-custom-attributes":
            attributes = value
        elif name == b"content-encoding" and value.lower() not in (b"", b"identity"):
            encoding = value[:40].decode("latin-1")
            raise RequestError(f"the content encoding {encoding} is not served; send the body as it is.", 415)
    return Head(length, content_type.decode("latin-1"), accept.decode("latin-1"), attributes.decode("latin-1"))
