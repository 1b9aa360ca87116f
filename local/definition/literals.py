"""What is known of a text before an execution: the literal pieces of a Std:Join, or around placeholders."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import product
from typing import TypeAlias

from local.definition.findings import Json
from local.definition.references import is_expression

# Fixed strings that are filled in before an execution: `${ArtifactBucket}`, `${AWS::AccountId}`, `${bucket_name}`.
PLACEHOLDER = re.compile(r"\$\{[A-Za-z][A-Za-z0-9_.:]*\}")

Pieces: TypeAlias = tuple[str | None, ...]
"""Literal pieces of a text in order; None stands for a piece that only an execution knows."""

# What an unknown piece might be. A text breaks a pattern for certain only when none of these makes it fit.
_POSSIBLE = ("x", "123456789012", "us-east-1", "s3://x/x", "arn:aws:iam::123456789012:role/x", "", "7")
_MOST_COMBINATIONS = 400


def pieces_of(value: Json) -> Pieces | None:
    """The pieces of a text or of an expression that makes one; None when nothing is known of it."""
    if isinstance(value, str):
        return _pieces_of_text(value)
    if not is_expression(value):
        return (str(value),) if isinstance(value, int | float) and not isinstance(value, bool) else None
    body = value.get("Std:Join")
    values = body.get("Values") if isinstance(body, dict) else None
    separator = body.get("On", "") if isinstance(body, dict) else None
    if not isinstance(values, list) or not isinstance(separator, str):
        return (None,)
    pieces: list[str | None] = []
    for index, each in enumerate(values):
        if index and separator:
            pieces.append(separator)
        pieces.extend(pieces_of(each) or (None,))
    return tuple(pieces)


def _pieces_of_text(text: str) -> Pieces:
    if "${" not in text:
        return (text,)
    pieces: list[str | None] = []
    end = 0
    for match in PLACEHOLDER.finditer(text):
        pieces += [text[end : match.start()], None]
        end = match.end()
    return tuple(piece for piece in (*pieces, text[end:]) if piece != "")


def shortest(pieces: Pieces) -> int:
    """The fewest characters that the text can have."""
    return sum(len(piece) for piece in pieces if piece is not None)


def is_whole(pieces: Pieces) -> bool:
    """Whether the text is known entirely."""
    return all(piece is not None for piece in pieces)


def could_be(pieces: Pieces, choices: Iterable[str]) -> bool:
    """Whether the text can be one of the choices."""
    pattern = re.compile(".*".join(re.escape(run) for run in _spread(pieces)), re.DOTALL)
    return any(pattern.fullmatch(choice) for choice in choices)


def _spread(pieces: Pieces) -> list[str]:
    """The literal pieces with one gap between each two, however many unknown ones stand there."""
    runs = [""]
    for piece in pieces:
        if piece is None:
            runs.append("")
        else:
            runs[-1] += piece
    return runs


def can_match(pieces: Pieces, fits: Callable[[str], bool]) -> bool:
    """Whether the text can fit, going by a set of things that unknown pieces commonly are."""
    runs = _spread(pieces)
    gaps = len(runs) - 1
    if (set(runs) == {""} and gaps) or len(_POSSIBLE) ** gaps > _MOST_COMBINATIONS:
        return True
    for filling in product(_POSSIBLE, repeat=gaps):
        if fits(runs[0] + "".join(text + run for text, run in zip(filling, runs[1:], strict=True))):
            return True
    return False
