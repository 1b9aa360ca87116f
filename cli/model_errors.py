"""What a model answers in place of predictions, as a sentence for the person who typed the command."""

from __future__ import annotations

import contextlib
import json

from cli.errors import RUN_FAILED, WRONG_USAGE, CommandError


def refused(endpoint: str, status: int, text: str) -> CommandError:
    """Return the model's own error; most models answer with {"error": …}."""
    with contextlib.suppress(ValueError, KeyError, TypeError):
        text = str(json.loads(text)["error"])
    theirs = status < 500
    verb = "does not take the rows" if theirs else "failed"
    return CommandError(f"The endpoint {endpoint} {verb} ({status}): {text}", WRONG_USAGE if theirs else RUN_FAILED)
