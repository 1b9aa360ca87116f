"""Hyperparameters as script mode gives them: `--name value` pairs, each held against its declaration."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inference.job import JobError

_IGNORED = frozenset({"_tuning_objective_metric"})
"""What a tuning job adds to the arguments of its training jobs."""


@dataclass(frozen=True)
class Hyperparameter:
    """A number that may be set: whole or not, between two bounds, the lower one excluded where `above` says so."""

    whole: bool
    low: float
    high: float
    above: bool = False

    def read(self, name: str, text: str) -> int | float:
        """The number that `text` spells; raises JobError where it is none or out of bounds."""
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        inside = self.low < value <= self.high if self.above else self.low <= value <= self.high
        if not inside or (self.whole and value != int(value)):
            raise JobError(f"the hyperparameter {name} is {text!r}, and must be {self}.")
        return int(value) if self.whole else value

    def __str__(self) -> str:
        noun = "a whole number" if self.whole else "a number"
        low = f"above {self.low:g} and" if self.above else f"at least {self.low:g} and"
        return f"{noun} {low} at most {self.high:g}"


@dataclass(frozen=True)
class Choice:
    """One of several words; what is read is its place among them."""

    words: tuple[str, ...]

    def read(self, name: str, text: str) -> int:
        """The place of the word; raises JobError for another one."""
        if text not in self.words:
            raise JobError(f"the hyperparameter {name} is {text!r}, and must be one of {', '.join(self.words)}.")
        return self.words.index(text)


SEED = Hyperparameter(whole=True, low=0, high=2**31 - 1)


def parse(argv: Sequence[str], declared: Mapping[str, Hyperparameter | Choice]) -> dict[str, int | float]:
    """The hyperparameters given, checked; raises JobError for one that is not declared or not a fit value."""
    given: dict[str, int | float] = {}
    arguments = list(argv)
    while arguments:
        option = arguments.pop(0)
        if not option.startswith("--"):
            raise JobError(f"{option!r} is not a hyperparameter; arguments are pairs of --name value.")
        name, equals, text = option[2:].partition("=")
        if not equals:
            if not arguments:
                raise JobError(f"the hyperparameter {name} has no value; arguments are pairs of --name value.")
            text = arguments.pop(0)
        if name in _IGNORED:
            continue
        if name not in declared:
            raise JobError(f"there is no hyperparameter {name!r}; choose from {', '.join(sorted(declared))}.")
        given[name] = declared[name].read(name, text)
    return given
