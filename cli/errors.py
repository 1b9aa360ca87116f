"""Mistakes that a person mends: a sentence, and the exit code that scripts look at."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

SUCCEEDED = 0
RUN_FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130


class CommandError(Exception):
    """What happened, to what, and what to do. Shown as it stands, without a traceback."""

    def __init__(self, message: str, code: int = WRONG_USAGE) -> None:
        super().__init__(message)
        self.code = code


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say where a file that a person asked for with `-o` cannot be written, and why."""
    try:
        yield
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or error}. Choose another place with -o."
        raise CommandError(message) from error


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[None]:
    """As `writing`, for files that are put in place whole: a device or a pipe would be replaced by a file."""
    if path.exists() and not path.is_file():
        message = f"{path} is no file that could be replaced. Choose another place with -o."
        raise CommandError(message)
    with writing(path):
        yield
