"""How a draft words what it found; whatever comes from the data is kept to one short line."""

from __future__ import annotations

import json
import re

import yaml

from config import yaml_text

LONGEST = 40
_PLAIN = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./ +()-]{0,150}(?<! )", re.ASCII)
"""Text without anything that means something in YAML; what words and numbers mean is asked of a YAML 1.1 reader too."""


def one_line(text: str, limit: int = LONGEST) -> str:
    """Return text without control characters, cut short, for a comment or a terminal."""
    clean = "".join(character if character.isprintable() else "·" for character in text)
    return clean if len(clean) <= limit else f"{clean[: limit - 1]}…"


def quoted(text: str) -> str:
    """Return text from the data in back quotes."""
    return f"`{one_line(text)}`"


def number(value: float) -> str:
    """Return a number with four significant digits, large ones whole and with separators."""
    if 1_000 <= abs(value) < 1e15:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def count(rows: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{rows:,} {noun}" if rows == 1 else f"{rows:,} {noun}s"


def share(part: int, whole: int) -> str:
    """Return a part of a whole as a percentage that is never rounded to nothing or to everything."""
    percent = 100 * part / whole if whole else 0.0
    if 0 < percent < 0.1:
        return "under 0.1 %"
    if 99.9 < percent < 100:
        return "over 99.9 %"
    return f"{percent:.1f} %".replace(".0 %", " %")


def of_rows(part: float) -> str:
    """Return a share of the rows in words."""
    return "every row" if part == 1 else f"{100 * part:.1f} % of the rows"


def _read(text: str) -> object:
    return yaml_text.read(text).values


def scalar(value: str) -> str:
    """Return text as YAML that reads back as the same text: as it is where that is safe, else in double quotes."""
    if _PLAIN.fullmatch(value) and all(read(f"x: {value}\n") == {"x": value} for read in (yaml.safe_load, _read)):
        return value
    escaped = json.dumps(value, ensure_ascii=False)
    return "".join(character if character.isprintable() else f"\\U{ord(character):08x}" for character in escaped)
