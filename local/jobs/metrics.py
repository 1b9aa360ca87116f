"""Reads metrics from a job's log while it grows, by the regular expressions of its definition."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path

from local.jobs.interface import Series

# The service looks at no more of a line either, and a regular expression on a huge one could take for ever.
MAX_LINE = 4096
CHUNK = 1 << 20


class MetricScraper:
    """Follows one log from `offset` on. A definition whose expression cannot be read is left out (validate says so)."""

    def __init__(self, definitions: Sequence[dict[str, str]], log: Path, offset: int) -> None:
        self._patterns = [(entry["Name"], re.compile(entry["Regex"])) for entry in definitions if usable(entry)]
        self._log = log
        self._offset = offset
        self._rest = b""
        self.series: Series = {}

    def read(self, seconds: float, *, last: bool = False) -> bool:
        """Take in what was written since; `seconds` is the job's age. Says whether there was a new value."""
        if not self._patterns:
            return False
        found = False
        with self._log.open("rb") as handle:
            handle.seek(self._offset)
            while chunk := handle.read(CHUNK):
                self._offset += len(chunk)
                *lines, self._rest = (self._rest + chunk).split(b"\n")
                for line in lines:
                    found = self._scan(line, seconds) or found
        if last and self._rest:
            found = self._scan(self._rest, seconds) or found
            self._rest = b""
        return found

    def _scan(self, raw: bytes, seconds: float) -> bool:
        # The service's logs write tabs out, and expressions from there look for them so.
        line = raw[:MAX_LINE].decode(errors="replace")
        written_out = line.replace("\t", "#011")
        found = False
        for name, pattern in self._patterns:
            for match in pattern.finditer(written_out if "#011" in pattern.pattern else line):
                value = _number(match.group(1) if pattern.groups else match.group())
                if value is not None:
                    self.series.setdefault(name, []).append([round(seconds, 3), value])
                    found = True
        return found


def usable(definition: dict[str, str]) -> bool:
    """Say whether a metric definition's regular expression can be read."""
    try:
        re.compile(definition["Regex"])
    except (re.error, KeyError, TypeError, RecursionError):
        return False
    return True


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None
