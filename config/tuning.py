"""How the hyperparameters of a problem's model are searched."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from config.errors import Mistake, one_of, suggestion
from config.fields import Settings, nothing_as_none_given
from config.hyperparameters import HYPERPARAMETERS
from config.metrics import ROUND_BY_ROUND

MOST_JOBS = 500
"""What one tuning job may start on the service."""
MOST_PARALLEL = 10
"""The service's default quota of trainings side by side."""

Scaling = Literal["Auto", "Linear", "Logarithmic", "ReverseLogarithmic"]
Strategy = Literal["Bayesian", "Random", "Grid", "Hyperband"]


class Range(Settings):
    """What one hyperparameter may be: two bounds, or a list of values."""

    min: int | float | None = Field(default=None, description="The least value of a hyperparameter called NAME.")
    max: int | float | None = Field(default=None, description="The greatest value.")
    scaling: Scaling = Field(
        default="Auto", description="On which scale values are drawn; `Logarithmic` gives small ones their share."
    )
    values: Annotated[tuple[int | float | str, ...], Field(strict=False)] = Field(
        default=(), description="In place of bounds: the values to choose from. A `Grid` takes nothing else."
    )


class Tuning(Settings):
    """The budget and the bounds of the search."""

    max_jobs: int = Field(ge=1, le=MOST_JOBS, description="How many trainings at most; `MaxTuningJobs` overrides it.")
    max_parallel_jobs: int = Field(
        default=2,
        ge=1,
        le=MOST_PARALLEL,
        description="How many trainings run side by side. More are sooner done, and learn less from one another.",
    )
    strategy: Strategy = Field(default="Bayesian", description="How values are chosen.")
    early_stopping: bool = Field(
        default=True,
        description="Whether trainings that fall behind are stopped. It needs a metric that is known after each round: "
        f"{', '.join(sorted(ROUND_BY_ROUND))}.",
    )
    ranges: Annotated[dict[str, Range], BeforeValidator(nothing_as_none_given)] = Field(
        default_factory=dict,
        description="What is searched, by hyperparameter; the usual ones when left out.",
    )


_SMALL_STEPS = Range(min=0.01, max=0.3, scaling="Logarithmic")
# Each round grows a tree for every class: larger steps and smaller trees.
_LARGE_STEPS = Range(min=0.05, max=0.5, scaling="Logarithmic")
_COMMON = {
    "min_child_weight": Range(min=0.5, max=16, scaling="Logarithmic"),
    "subsample": Range(min=0.5, max=1, scaling="Linear"),
    "colsample_bytree": Range(min=0.3, max=1, scaling="Linear"),
    "lambda": Range(min=0.1, max=10, scaling="Logarithmic"),
}
USUAL: Mapping[str, Mapping[str, Range]] = {
    "binary": {"eta": _SMALL_STEPS, "max_depth": Range(min=2, max=8), **_COMMON},
    "multiclass": {"eta": _LARGE_STEPS, "max_depth": Range(min=2, max=6), **_COMMON},
    "regression": {"eta": _SMALL_STEPS, "max_depth": Range(min=2, max=8), **_COMMON},
}
"""What is searched where a problem does not say, by its kind."""


def searched(kind: str, tuning: Tuning, fixed: Mapping[str, Any]) -> dict[str, Range]:
    """Return the ranges that a problem gives, or the usual ones without what its hyperparameters fix."""
    usual = USUAL.get(kind, USUAL["binary"])
    return dict(tuning.ranges) or {name: each for name, each in usual.items() if name not in fixed}


def tuning_mistakes(values: Mapping[str, Any]) -> list[Mistake]:
    """Return what is wrong between a file's tuning and its other settings, and within its ranges."""
    given = values.get("tuning")
    if not isinstance(given, Mapping):
        return []
    training = values.get("training")
    fixed = (training.get("hyperparameters") if isinstance(training, Mapping) else None) or {}
    tuning = Tuning.model_validate(given)
    found = [each for name, item in tuning.ranges.items() for each in _range_mistakes(name, item, fixed)]
    if not searched(str(values.get("kind")), tuning, fixed):
        message = "every hyperparameter that is usually searched is fixed in `training.hyperparameters`."
        found.append(Mistake("tuning", message, "Remove one there, or name others in `ranges`."))
    return [*found, *_strategy_mistakes(tuning, values.get("metric"))]


def _range_mistakes(name: str, given: Range, fixed: Mapping[str, Any]) -> Iterator[Mistake]:
    path = f"tuning.ranges.{name}"
    declared = HYPERPARAMETERS.get(name)
    if declared is None:
        yield Mistake(path, "there is no such hyperparameter.", suggestion(name, HYPERPARAMETERS))
        return
    if name in fixed:
        yield Mistake(path, "it is fixed in `training.hyperparameters` as well.", "Remove one of the two.")
    if given.values and (given.min is not None or given.max is not None):
        yield Mistake(path, "it has both bounds and values.", "Write `min` and `max`, or `values`.")
    elif not given.values and (given.min is None or given.max is None):
        yield Mistake(path, "it has no two bounds and no values.", "Write `min` and `max`, or `values`.")
    else:
        bounds = given.values or tuple(each for each in (given.min, given.max) if each is not None)
        for value in bounds:
            if isinstance(value, str) or not declared.allows(value):
                yield Mistake(path, f"`{value}` is not possible.", f"Write {declared}.")
        if not given.values:
            yield from _bounds_mistakes(path, given, whole=declared.whole)


def _bounds_mistakes(path: str, given: Range, *, whole: bool) -> Iterator[Mistake]:
    low, high = given.min or 0, given.max or 0
    if low > high:
        yield Mistake(path, f"`min` ({low:g}) is above `max` ({high:g}).", "Exchange them.")
    if given.scaling == "Logarithmic" and low <= 0:
        yield Mistake(path, f"{low:g} has no logarithm.", "Raise `min` above 0, or write `scaling: Linear`.")
    if given.scaling == "ReverseLogarithmic" and (whole or high >= 1):
        yield Mistake(path, "a reverse logarithmic scale takes fractions below 1.", "Write another `scaling`.")


def _strategy_mistakes(tuning: Tuning, metric: Any) -> Iterator[Mistake]:
    if tuning.strategy == "Hyperband" and metric is not None and metric not in ROUND_BY_ROUND:
        message = f"Hyperband compares trainings after each round, and `{metric}` is known at their end alone."
        fix = f"Write another strategy, or measure by {one_of(sorted(ROUND_BY_ROUND))}."
        yield Mistake("tuning.strategy", message, fix)
    if tuning.strategy != "Grid":
        return
    listed = [name for name, each in tuning.ranges.items() if each.values]
    if not listed or len(listed) < len(tuning.ranges):
        message = "a Grid tries every combination of values, and has bounds in place of some."
        yield Mistake("tuning.ranges", message, "Write `values` for each hyperparameter that is searched.")
        return
    size = math.prod(len(each.values) for each in tuning.ranges.values())
    if size != tuning.max_jobs:
        message = f"the Grid has {size} combinations, and the service takes exactly as many trainings."
        yield Mistake("tuning.max_jobs", message, f"Write `max_jobs: {size}`.")
