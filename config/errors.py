"""What is wrong with a configuration file, all of it at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend.

    Attributes:
        path: Where in the file, such as ``network.zones`` or ``drop[2]``; empty for the file as a whole.
        message: What is wrong there.
        fix: How to mend it.
        line: The line in the file, counted from 1, where it is known.
    """

    path: str
    message: str
    fix: str
    line: int | None = None

    def __str__(self) -> str:
        """Return the mistake on one line."""
        places = [f"line {self.line}" if self.line else "", self.path]
        where = ", ".join(place for place in places if place)
        return f"{where}: {self.message} {self.fix}" if where else f"{self.message} {self.fix}"


class ConfigurationError(Exception):
    """A configuration file cannot be used.

    Attributes:
        mistakes: Everything that is wrong with it, in the order of the file.
        source: The file.
    """

    def __init__(self, mistakes: Sequence[Mistake], source: str) -> None:
        self.mistakes = tuple(mistakes)
        self.source = source
        count = f"{len(self.mistakes)} mistakes" if len(self.mistakes) > 1 else "a mistake"
        super().__init__("\n".join([f"{source} has {count}:", *(f"  {mistake}" for mistake in self.mistakes)]))


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return a fix that names the closest known word, or all of them when none is close."""
    words = list(known)
    lowered = {each.lower(): each for each in reversed(words)}
    close = difflib.get_close_matches(word.lower(), list(lowered), n=1)
    if close:
        return f"Did you mean `{lowered[close[0]]}`?"
    return f"Write {one_of(words)}."


def one_of(words: Sequence[str]) -> str:
    """Return words as a choice: ``a``, ``b`` or ``c``."""
    quoted = [f"`{word}`" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
