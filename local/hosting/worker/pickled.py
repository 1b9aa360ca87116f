"""The booster inside a model that was pickled, as images of XGBoost up to 1.2 wrote it, read without unpickling.

A pickle is a program, and running it means to trust whoever wrote it. Here its instructions are only listed: the text
and bytes that they carry say whose state it is and hold XGBoost's own serialised model. Nothing is imported, called or
built.
"""

from __future__ import annotations

import pickletools
from collections.abc import Iterator
from typing import Any

_CLASS = ["xgboost.core", "Booster"]
_STATE = "handle"
_TEXTS = ("SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE")
_BYTES = ("SHORT_BINBYTES", "BINBYTES", "BINBYTES8", "BYTEARRAY8")


def booster_state(content: bytes) -> bytes | None:
    """Return what the pickled Booster keeps of itself; None where the content is not a pickled Booster."""
    try:
        return _state(pickletools.genops(content))
    except (ValueError, IndexError, OverflowError, UnicodeDecodeError):
        return None


def _state(instructions: Iterator[tuple[Any, Any, int | None]]) -> bytes | None:
    texts: list[str] = []
    awaited = False
    for code, argument, _ in instructions:
        if code.name == "GLOBAL":
            texts += argument.split(" ")
        elif code.name in _TEXTS:
            texts.append(argument)
            awaited = awaited or argument == _STATE
        elif awaited and code.name in _BYTES:
            return bytes(argument)
        if texts != _CLASS[: len(texts)] and texts[: len(_CLASS)] != _CLASS:
            return None
    return None
