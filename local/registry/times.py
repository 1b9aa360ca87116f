"""Times as most of SageMaker's events carry them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def with_texts(detail: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return an event's detail with the named times as ISO 8601 text, to the second."""
    return {name: _text(value) if name in names else value for name, value in detail.items()}


def _text(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
