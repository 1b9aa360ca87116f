"""What a single raw cell means: missing, a number, or the text of a category.

Every path that reads raw rows (profiling, fitting, bulk preparation, one row at a time in an endpoint) asks these
functions, so that a cell cannot mean one thing in training and another in serving. A cell is text as it stands in a
CSV or JSON Lines file, or a native value out of Parquet or JSON.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable

# Tokens that stand for "no value". Infinities are among them: no model here can use one.
_WORDS = ("na", "n/a", "#n/a", "<na>", "nan", "nat", "null", "none")
_MARKS = ("", "?", "-", "--", ".")
_TRUTHS = frozenset({"true", "false"})
_CASINGS = {
    "na": ("NA", "na"),
    "n/a": ("N/A", "n/a", "N/a"),
    "nan": ("NaN", "nan", "NAN", "Nan"),
    "nat": ("NaT",),
    "inf": ("inf", "Inf", "INF"),
    "none": ("None", "none", "NONE"),
}


def _casings(word: str) -> tuple[str, ...]:
    return _CASINGS.get(word, (word, word.upper(), word.capitalize()))


_INFINITE = (*_casings("inf"), *_casings("infinity"))
DEFAULT_MISSING: frozenset[str] = frozenset(_MARKS).union(
    *map(_casings, _WORDS), [sign + form for sign in ("", "+", "-") for form in _INFINITE]
)
"""Cell texts, without surrounding white space, that are read as missing in an input column."""

TARGET_MISSING: frozenset[str] = DEFAULT_MISSING - {"-", "--", ".", "None", "none", "NONE"}
"""The same for a target column, where `-` and `none` are well-known names of classes (`+` and `-`; `none`, `mild`)."""


def missing_tokens(extra: Iterable[str] = (), *, target: bool = False) -> frozenset[str]:
    """The tokens read as missing: the default ones and `extra`, which are compared without surrounding white space."""
    return (TARGET_MISSING if target else DEFAULT_MISSING) | {token.strip() for token in extra}


def is_missing(value: object, tokens: frozenset[str] = DEFAULT_MISSING) -> bool:
    """Whether a raw cell holds no value: None, NaN or infinity, or text that is one of `tokens`."""
    if value is None:
        return True
    if isinstance(value, str):
        return value.strip() in tokens
    if isinstance(value, float):
        return not math.isfinite(value)
    return False


def parse_number(text: str) -> float | None:
    """The finite number that `text` spells, white space around it ignored; None where it spells none.

    Python's own reading, less what no data file means: digit groups with underscores, infinities and NaN.
    """
    try:
        value = float(text)
    except ValueError:
        return None
    if value - value != 0.0 or "_" in text:
        return None
    return value


# A sign, a currency's sign, digits that may be grouped by threes, a fraction, and what the number is of.
_WRITTEN = {
    decimal: re.compile(
        rf"([+-]?)[$€£¥]?([+-]?)((?:\d{{1,3}}(?:[{groups}]\d{{3}})+|\d+)?)(?:{re.escape(decimal)}(\d+))?"
        r"(?:[eE]([+-]?\d+))?[ \u00a0]?[%$€£¥]?",
        re.ASCII,
    )
    for decimal, groups in ((".", ", \u00a0\u202f'"), (",", ". \u00a0\u202f'"))
}


def parse_written(text: str, decimal: str) -> float | None:
    """The finite number that people write as `1,234.5`, `12 %` or `$5` (`decimal` "."), or as `1.234,5` (",").

    A percent sign is left out: `12 %` is 12. None where the text spells no number in this way.
    """
    found = _WRITTEN[decimal].fullmatch(text.strip())
    if found is None:
        return None
    sign, second, whole, fraction, exponent = found.groups()
    if (sign and second) or not (whole or fraction):
        return None
    digits = "".join(character for character in whole if character in "0123456789")
    return parse_number(f"{sign}{second}{digits or '0'}.{fraction or '0'}e{exponent or '0'}")


def cell_number(value: object, decimal: str = "") -> float | None:
    """The finite number in a raw cell, text or native (true is 1); None where there is none.

    `decimal` says how texts of the column are written, as for `parse_written`; empty for plain numbers.
    """
    if isinstance(value, str):
        return parse_written(value, decimal) if decimal else parse_number(value)
    try:
        number = float(value)  # type: ignore[arg-type]  # whatever has __float__: int, float, bool, Decimal, numpy
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def cell_level(value: object) -> str:
    """The text by which a raw cell is known as a level of a category: `cell_text`, True and TRUE being true."""
    text = cell_text(value)
    return lowered if len(text) < 6 and (lowered := text.lower()) in _TRUTHS else text


def digest_of_level(level: str, column: str) -> str:
    """What a level of a personal column is known by: it tells levels apart and does not show them."""
    return hashlib.blake2b(f"{column}\0{level}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


YES = frozenset({"true", "yes", "y", "t", "on", "1"})
NO = frozenset({"false", "no", "n", "f", "off", "0"})


def cell_truth(value: object) -> str:
    """The same for a column of yes and no, however each is spelt: `true`, `false`, or another text."""
    text = cell_text(value)
    word = text.lower() if len(text) < 6 else text
    return "true" if word in YES else "false" if word in NO else text


def cell_text(value: object) -> str:
    """The text by which a raw cell is known as a category or a label.

    Text is stripped; true and false are spelt as in JSON; a whole number is spelt without a fraction, so that `3` in a
    CSV file, 3 in JSON and 3.0 in Parquet are the same level.
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace").strip()
    return str(value)
