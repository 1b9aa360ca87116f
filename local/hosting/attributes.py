"""InvokeEndpoint's CustomAttributes: a header for the container, and one of the container's own that comes back.

Source: SageMaker runtime API reference, InvokeEndpoint; RFC 7230, section 3.2.6.
"""

from __future__ import annotations

import re

HEADER = "X-Amzn-SageMaker-Custom-Attributes"
MOST = 1024
_VISIBLE = re.compile(r"[\t\x20-\x7e]*")


def problem(attributes: str) -> str | None:
    """Say, as a sentence without its subject, why these are no custom attributes; None where they are."""
    if len(attributes) > MOST:
        return f"have {len(attributes)} characters, and the service carries at most {MOST}."
    if not _VISIBLE.fullmatch(attributes):
        return "hold something that is no visible ASCII character."
    return None
