"""Media types, as the headers Content-Type and Accept name them (RFC 9110)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

CSV = "text/csv"
JSON = "application/json"
JSON_LINES = "application/jsonlines"
NPY = "application/x-npy"
PARQUET = "application/x-parquet"

SAME = {
    "application/csv": CSV,
    "application/jsonl": JSON_LINES,
    "application/x-ndjson": JSON_LINES,
    "application/x-jsonlines": JSON_LINES,
    "application/parquet": PARQUET,
    "application/vnd.apache.parquet": PARQUET,
}
"""Other names of formats."""

# A parameter's value is a token or quoted; what stands between separators is taken as it is.
_PARAMETER = re.compile(r';\s*([^\s;,="]+)\s*=\s*(?:"([^"]*)"|([^\s;,"]*))')
_RANGE = re.compile(r'\s*([^\s;,"]+)\s*((?:;[^;,"]*(?:"[^"]*"\s*)?)*)(?:,|$)')
MOST_CHARACTERS = 1024
"""Characters of a header that are looked at; InvokeEndpoint takes no more."""


@dataclass(frozen=True)
class MediaType:
    """A type with its parameters, names in lower case."""

    type: str
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def quality(self) -> float:
        """How much it is wanted, 0 to 1; 0 means not at all, and so does what is no number."""
        try:
            return min(max(float(self.parameters.get("q", "1")), 0.0), 1.0)
        except ValueError:
            return 0.0


def parse(header: str) -> MediaType:
    """The one media type in a header."""
    kind, _, rest = header[:MOST_CHARACTERS].partition(";")
    return MediaType(kind.strip().lower(), _parameters(f";{rest}"))


def ranges(header: str) -> list[MediaType]:
    """The media ranges in an Accept header, in order; what is not one is left out."""
    return [MediaType(found[1].lower(), _parameters(found[2])) for found in _RANGE.finditer(header[:MOST_CHARACTERS])]


def _parameters(text: str) -> dict[str, str]:
    return {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(text)}
