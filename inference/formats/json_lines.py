"""JSON Lines: a row on each line, a list of cells or an object by column names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inference.formats.json_text import loads
from inference.formats.table import RequestError, Table


def read(text: str) -> Table:
    """The rows of a body; blank lines are none."""
    return Table(_rows(text))


def _rows(text: str) -> Iterator[Any]:
    # Not splitlines(): JSON's texts may hold U+2028 and others that it takes for ends of lines.
    for number, line in enumerate(text.split("\n"), 1):
        if line and not line.isspace():
            try:
                yield loads(line)
            except (ValueError, RecursionError) as error:
                raise RequestError(f"line {number} is not JSON: {error}.") from error
