from __future__ import annotations

import pytest

from config.hyperparameters import HYPERPARAMETERS
from training_scripts import defaults


def test_the_table_is_that_of_the_training_script() -> None:
    declared = {name: vars_of(each) for name, each in HYPERPARAMETERS.items()}
    taken = {name: vars_of(each) for name, each in defaults.HYPERPARAMETERS.items() if name != "seed"}
    assert declared == taken


def vars_of(hyperparameter: object) -> tuple[object, ...]:
    return tuple(getattr(hyperparameter, name) for name in ("whole", "low", "high", "above"))


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("max_depth", 6, True),
        ("max_depth", 6.5, False),
        ("max_depth", 0, False),
        ("eta", 0.3, True),
        ("eta", 0, False),
        ("eta", 1, True),
        ("lambda", 0, True),
    ],
)
def test_bounds(name: str, value: float, allowed: bool) -> None:
    assert HYPERPARAMETERS[name].allows(value) is allowed
