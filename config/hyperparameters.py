"""The hyperparameters that a problem may set (tests hold the table against that of the training script)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hyperparameter:
    """A number that may be set, between two bounds; the lower one is excluded where `above` says so."""

    whole: bool
    low: float
    high: float
    above: bool = False

    def allows(self, value: float) -> bool:
        """Say whether a value is one that training takes."""
        inside = self.low < value <= self.high if self.above else self.low <= value <= self.high
        return inside and (not self.whole or value == int(value))

    def __str__(self) -> str:
        """Return what may be written."""
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} {'above' if self.above else 'from'} {self.low:g} to {self.high:g}"


HYPERPARAMETERS: dict[str, Hyperparameter] = {
    "num_round": Hyperparameter(whole=True, low=1, high=100_000),
    "early_stopping_rounds": Hyperparameter(whole=True, low=1, high=10_000),
    "eta": Hyperparameter(whole=False, low=0, high=1, above=True),
    "max_depth": Hyperparameter(whole=True, low=1, high=16),
    "min_child_weight": Hyperparameter(whole=False, low=0, high=1e6),
    "subsample": Hyperparameter(whole=False, low=0, high=1, above=True),
    "colsample_bytree": Hyperparameter(whole=False, low=0, high=1, above=True),
    "lambda": Hyperparameter(whole=False, low=0, high=1e6),
    "alpha": Hyperparameter(whole=False, low=0, high=1e6),
    "gamma": Hyperparameter(whole=False, low=0, high=1e6),
    "max_bin": Hyperparameter(whole=True, low=2, high=65_535),
    "scale_pos_weight": Hyperparameter(whole=False, low=0, high=1e6, above=True),
    "class_balance": Hyperparameter(whole=False, low=0, high=1),
}
