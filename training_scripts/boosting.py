"""Grows trees round by round, on all hosts together, from nothing, an earlier model or a checkpoint."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inference.features import Features
from inference.predict import import_xgboost
from training_scripts.channels import Job, threads
from training_scripts.checkpoints import EVERY, Checkpoints
from training_scripts.defaults import objective
from training_scripts.hosts import Hosts
from training_scripts.report import say, say_round
from training_scripts.weights import CLASS_BALANCE, weighing

_OURS = frozenset({"num_round", "early_stopping_rounds", CLASS_BALANCE})
_LOSS = re.compile(r"(\w+)-(\w+):(\S+)")
_SEEDS = 2**31
_TREES = "ubj"


@dataclass(frozen=True)
class Start:
    """Trees to go on from: those of an earlier model, whose rounds count as done."""

    trees: bytes
    rounds: int


def boost(
    job: Job, chosen: Mapping[str, int | float], group: Hosts, parent: Start | None, kept: Checkpoints | None
) -> Any:
    """The booster up to its best round, the same on every host; `num_round` counts the rounds after the parent's."""
    growing = _Growing(job, chosen, group)
    state = parent.trees if parent else None
    first = done = parent.rounds if parent else 0
    last = first + int(chosen["num_round"])
    found = group.from_leader(kept.read() if kept and group.leads else None)
    if found is not None:
        state, done = found, growing.rounds(found)
        if group.leads:
            say(f"Going on after round {done}, from a checkpoint.")
    while True:
        booster = growing.load(state, done)
        if state is not None and booster.attr("best_iteration") is None:
            growing.judge(booster, done - 1)
        end = min(last, done + EVERY) if kept else last
        stopped = growing.grow(booster, done, end)
        if stopped or end == last:
            return _best(booster)
        # What a checkpoint does not hold, such as where the random numbers stand, must not tell a training that was
        # interrupted from one that was not: both go on from here with the trees alone.
        state, done = bytes(booster.save_raw(_TREES)), end
        if kept and group.leads:
            kept.write(state)


def parameters(features: Features, chosen: Mapping[str, int | float], nthread: int) -> dict[str, Any]:
    """XGBoost's own parameters for a problem's settings."""
    return {
        **{name: value for name, value in chosen.items() if name not in _OURS},
        **objective(features.kind, len(features.labels)),
        "tree_method": "hist",
        "nthread": nthread,
    }


class _Growing:
    """The data as XGBoost holds it, and rounds on it."""

    def __init__(self, job: Job, chosen: Mapping[str, int | float], group: Hosts) -> None:
        self._xgboost = import_xgboost()
        self._group = group
        nthread = threads(job.train.features.size)
        self._parameters = parameters(job.features, chosen, nthread)
        bins = {"max_bin": chosen["max_bin"], "nthread": nthread}
        matrix = self._xgboost.QuantileDMatrix
        weigh = weighing(job.features, job.train.labels, chosen, group.total)
        train, validation = job.train, job.validation
        self._train = matrix(train.features, train.labels, weight=weigh(train.labels), **bins)
        # Weighted alike: early stopping must watch the loss that the trees are grown for.
        weights = weigh(validation.labels)
        self._validation = matrix(validation.features, validation.labels, weight=weights, ref=self._train, **bins)
        self._patience = int(chosen["early_stopping_rounds"])
        self._loss = self._parameters["eval_metric"][-1]

    def load(self, trees: bytes | None, done: int) -> Any:
        """A booster that goes on from trees; its random numbers depend on the seed and the rounds done alone."""
        parameters = {**self._parameters, "seed": (int(self._parameters["seed"]) + done) % _SEEDS}
        given = bytearray(trees) if trees is not None else None
        return self._xgboost.Booster(parameters, [self._train, self._validation], model_file=given)

    def rounds(self, trees: bytes) -> int:
        """How many rounds trees are of."""
        return int(self._xgboost.Booster(model_file=bytearray(trees)).num_boosted_rounds())

    def judge(self, booster: Any, number: int) -> None:
        """Let an earlier model's last round be the best one until another is better on these validation rows."""
        _note_best(booster, number, self._losses(booster, number)["validation"][self._loss])

    def grow(self, booster: Any, start: int, end: int) -> bool:
        """Add rounds; says whether the validation loss has not improved for long enough to stop."""
        for number in range(start, end):
            booster.update(self._train, iteration=number)
            losses = self._losses(booster, number)
            if self._group.leads:
                say_round(number, losses)
            best, loss = booster.attr("best_score"), losses["validation"][self._loss]
            if best is None or loss < float(best):
                _note_best(booster, number, loss)
            elif number - int(booster.attr("best_iteration")) >= self._patience:
                return True
        return False

    def _losses(self, booster: Any, number: int) -> dict[str, dict[str, float]]:
        line = booster.eval_set([(self._train, "train"), (self._validation, "validation")], number)
        found: dict[str, dict[str, float]] = {}
        for split, metric, value in _LOSS.findall(line):
            found.setdefault(split, {})[metric] = float(value)
        return found


def _note_best(booster: Any, number: int, loss: float) -> None:
    booster.set_attr(best_score=str(loss), best_iteration=str(number))


def _best(booster: Any) -> Any:
    number, loss = booster.attr("best_iteration"), booster.attr("best_score")
    best = booster[: int(number) + 1]
    best.set_attr(best_score=loss, best_iteration=number)
    return best
