"""What the tests of S3 share."""

from __future__ import annotations

from typing import Any

BUCKET = "data-one"


def keys(answer: Any) -> list[str]:
    return [each["Key"] for each in answer.get("Contents", [])]
