"""Output parameters of Lambda and Callback steps: declared, converted to their types, and within the limit."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from local.definition.document import Step

MAX_CHARACTERS = 1024


class OutputError(ValueError):
    """Outputs that do not fit what the step declares; the message is a sentence that names the step."""


def declared(step: Step) -> dict[str, str]:
    """Return the type of each output parameter by its name; one without a type is text."""
    found = step.settings.get("OutputParameters")
    entries = found if isinstance(found, list) else []
    return {
        str(entry["OutputName"]): str(entry.get("OutputType", "String"))
        for entry in entries
        if isinstance(entry, dict) and "OutputName" in entry
    }


def read(step: Step, given: Any) -> dict[str, Any]:
    """Return the declared outputs out of what came back; what else came back is left out, as in the service.

    Raises:
        OutputError: one is missing, has another type, or is longer than the service takes. All are named.
    """
    wanted = declared(step)
    values = given if isinstance(given, Mapping) else {}
    found, problems = {}, []
    for name, kind in wanted.items():
        if values.get(name) is None:
            problems.append(f"returned no output {name!r}, which its step declares")
            continue
        try:
            found[name] = _convert(values[name], kind)
        except ValueError as error:
            problems.append(f"returned {name!r} {error}")
    if problems:
        raise OutputError(f"{step.name} {', and '.join(problems)}.")
    return found


def _convert(value: Any, kind: str) -> Any:
    converter = _CONVERTERS.get(kind)
    if converter is None:
        message = f"of the type {kind}, which does not exist"
        raise ValueError(message)
    return converter(value)


def _string(value: Any) -> str:
    # The service turns numbers into text, and takes what is nested as one text of JSON.
    text = value if isinstance(value, str) else json.dumps(value)
    if len(text) > MAX_CHARACTERS:
        message = f"with {len(text)} characters, and the service takes {MAX_CHARACTERS}: write it to S3, return where"
        raise ValueError(message)
    return text


def _integer(value: Any) -> int:
    try:
        if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
            raise ValueError
        return int(value)
    except (ValueError, TypeError, OverflowError):
        raise _not(value, "a whole number") from None


def _float(value: Any) -> float:
    try:
        if isinstance(value, bool) or not math.isfinite(float(value)):
            raise ValueError
        return float(value)
    except (ValueError, TypeError, OverflowError):
        raise _not(value, "a finite number") from None


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    words = {"true": True, "false": False}
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    raise _not(value, "true or false")


def _not(value: Any, wanted: str) -> ValueError:
    return ValueError(f"as {json.dumps(value)[:60]}, which is not {wanted}")


_CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "String": _string,
    "Integer": _integer,
    "Float": _float,
    "Boolean": _boolean,
}
