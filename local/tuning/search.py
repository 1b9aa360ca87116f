"""`python -m local.tuning.search`: proposes hyperparameters, as a program of its own beside the engine.

The engine never loads the library that searches: here it cannot hold up the engine's loop, and forks and threads of
numerical libraries stay out of the process that starts jobs. The first line of stdin says what to search, each further
line tells results and asks for the next proposal, which is answered with one line; stdin's end is the program's.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from local.tuning.ranges import CATEGORICAL, INTEGER, LOGARITHMIC, REVERSE, Range

Values = dict[str, str]


class Search(Protocol):
    """Proposes values, one trial after another."""

    def tell(self, number: int, objective: float | None) -> None:
        """Learn how a trial ended; None for one that failed."""

    def ask(self, number: int) -> Values | None:
        """Return the values of a trial; None when there is nothing more to try."""


class Grid:
    """Every combination once, in the order in which the request lists the values; the last range changes fastest."""

    def __init__(self, ranges: Sequence[Range]) -> None:
        self._names = [each.name for each in ranges]
        self._left: Iterator[tuple[str, ...]] = itertools.product(*(each.values for each in ranges))

    def tell(self, number: int, objective: float | None) -> None:
        """Results change nothing."""

    def ask(self, number: int) -> Values | None:
        """Return the next combination."""
        del number
        found = next(self._left, None)
        return None if found is None else dict(zip(self._names, found, strict=True))


class Sampled:
    """Values drawn by Optuna: at random, or where earlier results promise most (tree-structured Parzen estimators)."""

    def __init__(self, ranges: Sequence[Range], *, learns: bool, minimize: bool, seed: int, startup: int) -> None:
        import optuna  # noqa: PLC0415 - a grid does without

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        sampler: Any = (
            # Running trials count as poor ones, so that trials side by side are not alike.
            optuna.samplers.TPESampler(seed=seed, n_startup_trials=startup, constant_liar=True)
            if learns
            else optuna.samplers.RandomSampler(seed=seed)
        )
        self._optuna = optuna
        self._study = optuna.create_study(sampler=sampler, direction="minimize" if minimize else "maximize")
        self._ranges = ranges
        self._spaces = {each.name: _distribution(optuna, each) for each in ranges}
        self._trials: dict[int, Any] = {}

    def know(self, values: Mapping[str, str], objective: float) -> None:
        """Learn from a trial of an earlier tuning job."""
        inner = {each.name: _inner(each, values[each.name]) for each in self._ranges}
        self._study.add_trial(
            self._optuna.trial.create_trial(params=inner, distributions=self._spaces, value=objective)
        )

    def tell(self, number: int, objective: float | None) -> None:
        """Learn how a trial ended."""
        trial = self._trials.pop(number)
        if objective is None:
            # The library forgets failures; a trial that was pruned before its first value counts as worst.
            self._study.tell(trial, state=self._optuna.trial.TrialState.PRUNED)
        else:
            self._study.tell(trial, objective)

    def ask(self, number: int) -> Values | None:
        """Return the values of a trial."""
        trial = self._study.ask(self._spaces)
        self._trials[number] = trial
        return {each.name: _outer(each, trial.params[each.name]) for each in self._ranges}


def build(given: Mapping[str, Any]) -> Search:
    """Return the search that a description asks for."""
    ranges = [Range(**{**each, "values": tuple(each["values"])}) for each in given["ranges"]]
    if given["strategy"] == "Grid":
        return Grid(ranges)
    learns = given["strategy"] == "Bayesian"
    made = Sampled(ranges, learns=learns, minimize=given["minimize"], seed=given["seed"], startup=given["startup"])
    for values, objective in given["known"] if learns else ():
        made.know(values, objective)
    return made


def _distribution(optuna: Any, given: Range) -> Any:
    kinds = optuna.distributions
    if given.kind == CATEGORICAL:
        return kinds.CategoricalDistribution(given.values)
    log = given.scaling in (LOGARITHMIC, REVERSE)
    if given.kind == INTEGER:
        return kinds.IntDistribution(int(given.low), int(given.high), log=log)
    if given.scaling == REVERSE:
        # Fine steps near 1: what is searched on a logarithmic scale is the distance from it.
        return kinds.FloatDistribution(1 - given.high, 1 - given.low, log=True)
    return kinds.FloatDistribution(given.low, given.high, log=log)


def _outer(given: Range, value: Any) -> str:
    """Return a value as the hyperparameter's text."""
    if given.kind == CATEGORICAL:
        return str(value)
    if given.kind == INTEGER:
        return str(int(value))
    number = 1 - float(value) if given.scaling == REVERSE else float(value)
    return repr(min(max(number, given.low), given.high))


def _inner(given: Range, text: str) -> Any:
    """Return a hyperparameter's text as the value that is searched."""
    if given.kind == CATEGORICAL:
        return text
    number = float(text)
    if given.kind == INTEGER:
        return int(number)
    return 1 - number if given.scaling == REVERSE else number


def main() -> None:
    """Answer until stdin ends."""
    searches = [build(each) for each in json.loads(sys.stdin.readline())]
    for line in sys.stdin:
        asked = json.loads(line)
        search = searches[asked["search"]]
        for number, objective in asked["tell"]:
            search.tell(number, objective)
        print(json.dumps(search.ask(asked["ask"])), flush=True)


if __name__ == "__main__":
    main()
