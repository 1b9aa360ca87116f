"""When a trial is cut short: rules over the values that it has reported, and those of trials that ended before it.

Both are functions of those series alone. Which earlier trials count is fixed by their numbers, not by what happens to
have ended: the same values give the same cuts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median

Series = Sequence[float]

LEAST_KNOWN = 3
"""Fewer earlier trials than this say little about what is usual."""

_REDUCTION = 3


def median_cut(series: Series, known: Sequence[Series], *, minimize: bool) -> int | None:
    """Return the first position at which a value is worse than the median of the earlier trials' running averages.

    Source: SageMaker Developer Guide, "How Early Stopping Works". The first quarter of a trial's usual length is let
    pass: small learning rates begin worse and end better.
    """
    if len(known) < LEAST_KNOWN:
        return None
    averages = [_running_averages(each) for each in known]
    for position in range(math.ceil(median(len(each) for each in known) / 4), len(series)):
        usual = [each[position] for each in averages if len(each) > position]
        if len(usual) < LEAST_KNOWN:
            return None
        if _worse(series[position], median(usual), minimize=minimize):
            return position
    return None


def hyperband_cut(
    series: Series, number: int, known: Mapping[int, Series], resource: tuple[int, int], *, minimize: bool
) -> int | None:
    """Return the first rung, as a position, at which a trial is not among the best third of its bracket.

    Trials go to the brackets in turn; each bracket begins to cut at a later rung than the one before it, the last one
    never. Source: Li et al., "Hyperband", JMLR 18 (2018), in the form without waiting for a whole rung.
    """
    least, most = resource
    brackets = 1 + max(0, int(math.log(max(1.0, most / least), _REDUCTION) + 1e-9))
    bracket = (number - 1) % brackets
    peers = [each for other, each in known.items() if (other - 1) % brackets == bracket]
    rung: int = least * _REDUCTION**bracket
    while rung < most and rung <= len(series):
        reached = [each[rung - 1] for each in peers if len(each) >= rung]
        better = sum(not _worse(each, series[rung - 1], minimize=minimize) for each in reached)
        if len(reached) >= LEAST_KNOWN - 1 and better >= math.ceil((len(reached) + 1) / _REDUCTION):
            return rung - 1
        rung *= _REDUCTION
    return None


def _worse(value: float, than: float, *, minimize: bool) -> bool:
    return value > than if minimize else value < than


def _running_averages(series: Series) -> list[float]:
    total, found = 0.0, []
    for count, value in enumerate(series, start=1):
        total += value
        found.append(total / count)
    return found
