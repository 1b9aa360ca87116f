"""JSON without NaN and Infinity: a condition on one would quietly take a branch."""

from __future__ import annotations

import json
from typing import Any


def loads(text: str | bytes, source: str) -> Any:
    """Parse JSON.

    Raises:
        ValueError: it is not JSON, or holds NaN or Infinity; the message names the source.
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError:
        message = f"{source} is nested too deeply."
        raise ValueError(message) from None
    except ValueError as error:
        message = f"{source} is not valid JSON: {error}."
        raise ValueError(message) from error


def _refuse(name: str) -> Any:
    message = f"{name} is not a JSON number"
    raise ValueError(message)
