"""The model families that a search tries, by the service's names for its algorithms, and the settings it draws."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Settings = Mapping[str, float | int]


@dataclass(frozen=True)
class Family:
    """What stands for one of the service's algorithms; `first` is tried first, further settings lie within `ranges`."""

    name: str
    stands_in: str
    first: Settings
    ranges: Mapping[str, tuple[float, float]]
    """Settings by name: whole numbers are drawn evenly, others evenly on a logarithmic scale."""


FAMILIES = {
    family.name: family
    for family in (
        Family(
            "xgboost",
            "XGBoost",
            {"rounds": 150, "eta": 0.1, "max_depth": 5, "subsample": 0.8, "colsample": 0.7, "lambda": 1.0},
            {
                "rounds": (100, 400),
                "eta": (0.03, 0.3),
                "max_depth": (3, 8),
                "subsample": (0.6, 1.0),
                "colsample": (0.4, 1.0),
                "lambda": (0.1, 10.0),
            },
        ),
        Family("linear-learner", "logistic or ridge regression", {"penalty": 1.0}, {"penalty": (0.01, 1000.0)}),
        Family(
            "lightgbm",
            "scikit-learn's histogram gradient boosting",
            {"rounds": 150, "eta": 0.1, "leaves": 31, "least": 20},
            {"rounds": (80, 300), "eta": (0.03, 0.3), "leaves": (8, 64), "least": (5, 40)},
        ),
        Family(
            "randomforest",
            "scikit-learn's random forest",
            {"trees": 100, "least": 1, "share": 0.5},
            {"trees": (80, 200), "least": (1, 10), "share": (0.2, 0.9)},
        ),
        Family(
            "extra-trees",
            "scikit-learn's extremely randomised trees",
            {"trees": 100, "least": 1, "share": 0.5},
            {"trees": (80, 200), "least": (1, 10), "share": (0.2, 0.9)},
        ),
    )
}


@dataclass(frozen=True)
class Proposal:
    """What one candidate trains."""

    number: int
    family: str
    settings: Settings


def proposals(names: Sequence[str], most: int, seed: int) -> Iterator[Proposal]:
    """Propose candidates, the families taking turns: the same for the same seed, whatever comes of them."""
    for number in range(1, most + 1):
        family = FAMILIES[names[(number - 1) % len(names)]]
        turn = (number - 1) // len(names)
        draw = random.Random(f"{seed}/{family.name}/{turn}")  # noqa: S311 - it searches, and keeps no secret
        settings = family.first if turn == 0 else {name: _drawn(draw, *ends) for name, ends in family.ranges.items()}
        yield Proposal(number, family.name, dict(settings))


def _drawn(draw: random.Random, low: float, high: float) -> float | int:
    if isinstance(low, int):
        return draw.randint(low, int(high))
    return float(f"{math.exp(draw.uniform(math.log(low), math.log(high))):.4g}")
