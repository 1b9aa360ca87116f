"""AWS's patterns, which are Java's regular expressions, translated for Python's `re`."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Python's re knows no \p{…}. A character outside ASCII is replaced, in the text, by one private character that stands
# for its general category; the classes below hold the same private characters beside their members in ASCII.
_CATEGORIES = "LMNPSZC"
_STAND_IN = {category: chr(0xE000 + index) for index, category in enumerate(_CATEGORIES)}
_ASCII_MEMBERS = {
    "L": "A-Za-z",
    "M": "",
    "N": "0-9",
    "P": r"!-#%-*,-/:;?@\[-\]_{}",
    "S": "$+<=>^`|~",
    "Z": " ",
    "C": r"\x00-\x1f\x7f",
}
_CLASSES = {name: members + _STAND_IN[name] for name, members in _ASCII_MEMBERS.items()}
_CLASSES |= {"Alnum": "A-Za-z0-9", "Alpha": "A-Za-z", "Digit": "0-9", "Lower": "a-z", "Upper": "A-Z"}
_CLASSES |= {"ASCII": r"\x00-\x7f"}

_PROPERTY = re.compile(r"p\{(\w+)\}")
_UNICODE = re.compile(r"u([0-9A-Fa-f]{4})")
_REPEATED_END = re.compile(r"\$\{\d+,\d*\}$")
# Two forms of "any text over several lines" whose nested stars take exponential time on a text that does not match.
_ANY_LINES = (r".*(?:[ \r\n\t].*)*.*", r".*(?:[ \r\n\t].*)*")
_NOT_LINE_END = r"[^\n\r\x85\u2028\u2029]"


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text matches; a pattern that cannot be translated matches everything."""
    compiled, by_category = _compiled(pattern)
    if compiled is None:
        return True
    return compiled.fullmatch(_by_category(text) if by_category else text) is not None


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> tuple[re.Pattern[str] | None, bool]:
    try:
        return re.compile(translate(pattern), re.ASCII), "\\p{" in pattern
    except re.error:
        return None, False


def _by_category(text: str) -> str:
    return "".join(each if each.isascii() else _STAND_IN[unicodedata.category(each)[0]] for each in text)


def translate(pattern: str) -> str:
    """Rewrites a Java pattern for `re`; match it with `re.ASCII` and `fullmatch`.

    Source: `java.util.regex.Pattern`. Handled: Unicode properties, surrogate pairs, a bare `[` in a class, a quantifier
    after the final `$`, and the line ends that `.` leaves out.
    """
    for any_lines in _ANY_LINES:
        pattern = pattern.replace(any_lines, r"[^\x85\u2028\u2029]*")
    pattern = _REPEATED_END.sub("$", pattern)
    parts: list[str] = []
    position, in_class = 0, False
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            text, position = _escape(pattern, position + 1, in_class)
            parts.append(text)
            continue
        opens = character == "[" and not in_class
        if character == "." and not in_class:
            parts.append(_NOT_LINE_END)
        elif character == "[" and in_class:
            parts.append(r"\[")
        else:
            parts.append(character)
        in_class = opens or (in_class and character != "]")
        position += 1
    return "".join(parts)


def _escape(pattern: str, position: int, in_class: bool) -> tuple[str, int]:
    """Translates the escape whose backslash stands before `position`; gives its text and where it ends."""
    named = _PROPERTY.match(pattern, position)
    if named is not None:
        members = _CLASSES.get(named.group(1), "\\s\\S")
        return members if in_class else f"[{members}]", named.end()
    if pattern[position : position + 1] == "z":
        return r"\Z", position + 1
    first = _UNICODE.match(pattern, position)
    if first is None:
        return pattern[position - 1 : position + 1], position + 1
    high = int(first.group(1), 16)
    second = _UNICODE.match(pattern, first.end() + 1) if pattern[first.end() : first.end() + 1] == "\\" else None
    if second is not None and 0xD800 <= high < 0xDC00:
        low = int(second.group(1), 16)
        return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08x}", second.end()
    return f"\\u{high:04x}", first.end()
