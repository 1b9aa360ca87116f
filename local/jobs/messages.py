"""What a job's program says about its own end, in the file that the service reads."""

from __future__ import annotations

from pathlib import Path

MAX_MESSAGE = 1024


def read_message(path: Path) -> str | None:
    """Return the first 1,024 characters of a message file; None where there is none or nothing in it."""
    try:
        with path.open("rb") as handle:
            text = handle.read(4 * MAX_MESSAGE).decode(errors="replace").strip()
    except OSError:
        return None
    return text[:MAX_MESSAGE] or None
