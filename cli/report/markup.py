"""Markup that is safe by construction: whatever is not `Html` already is escaped on its way into a tag."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import TypeAlias

_VOID = frozenset({"br", "col", "hr", "meta"})
# Control characters and lone surrogates are not allowed in a page; direction overrides can make text lie about itself.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


class Html(str):
    """Text that is markup already and is taken over as it stands."""

    __slots__ = ()


Content: TypeAlias = "str | int | float | Iterable[Content] | None"
Attribute: TypeAlias = "str | int | float | bool | None"


def escape(text: str) -> Html:
    """Return `text` as markup that shows exactly that text, in elements and in quoted attributes alike."""
    if isinstance(text, Html):
        return text
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return Html(_UNPRINTABLE.sub("\ufffd", safe.replace("'", "&#39;")))


def markup(*content: Content) -> Html:
    """Join pieces into one: strings are escaped, `None` is nothing, and nested iterables are joined in order."""
    pieces: list[str] = []
    for piece in content:
        if piece is None:
            continue
        if isinstance(piece, str):
            pieces.append(escape(piece))
        elif isinstance(piece, int | float):
            pieces.append(decimal(piece))
        else:
            pieces.append(markup(*piece))
    return Html("".join(pieces))


def tag(name: str, /, *content: Content, **attributes: Attribute) -> Html:
    """Build one element.

    A trailing underscore in an attribute's name is dropped (`class_`) and the others become hyphens (`data_label`);
    `None` and `False` leave the attribute out, `True` writes its name alone.
    """
    opening = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    return Html(opening if name in _VOID else f"{opening}{markup(*content)}</{name}>")


def decimal(value: float) -> str:
    """Write a number for a coordinate or a count: at most two decimals, no exponent; it must be finite."""
    if not math.isfinite(value):
        raise ValueError(f"A page has no place for {value}: leave values that are not finite out of charts.")
    if isinstance(value, int):
        return str(value)
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    return f' {name}="{escape(value) if isinstance(value, str) else decimal(value)}"'
