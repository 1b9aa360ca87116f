"""The engine's own lines in a step's log, and the lines of a failed program that tell why."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

_TAIL_BYTES = 8192
_TAIL_LINES = 3
_STACK_LINES = 40
_EXCEPTION = re.compile(r"[\w.]*(Error|Exception|Exit|Interrupt|Warning)\b.*")


def note(log: Path, sentence: str) -> None:
    """Append a line of the engine's own to a step's log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as handle:
        handle.write(f"[sageline] {sentence}\n")


def last_words(log: Path, offset: int) -> str:
    """Return what a program said last, from `offset` of its log on: of a traceback, the error alone."""
    try:
        with log.open("rb") as handle:
            end = handle.seek(0, os.SEEK_END)
            handle.seek(max(offset, end - _TAIL_BYTES))
            text = handle.read().decode(errors="replace")
    except OSError:
        return ""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("[sageline] ")]
    if "Traceback (most recent call last):" in text:
        # Some exceptions go on after their first line, with stacks of their own.
        told = text.rpartition("Traceback (most recent call last):")[2].splitlines()
        error = next((line.strip() for line in reversed(told) if _EXCEPTION.match(line)), None)
        if error is not None and len(lines) - lines.index(error) <= _STACK_LINES:
            return error
    return " / ".join(lines[-_TAIL_LINES:])


def explain_exit(code: int, log: Path, offset: int) -> str:
    """Say in a sentence how a program ended that left no message of its own."""
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        hint = " (often: not enough memory)" if -code == signal.SIGKILL else ""
        return f"The program was ended by {name}{hint}."
    words = last_words(log, offset)
    return f"The program ended with exit code {code}{f': {words}' if words else ' and said nothing.'}"
