"""Objectives of XGBoost that 1.3 knows, and what it calls those that only training tells apart."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Mapping, Sequence

from inference.neo.trees import NeoError

_LOSS = ("reg_loss_param", ("scale_pos_weight",))
_RANK = ("lambda_rank_param", ("fix_list_weight", "num_pairsample"))
_NONE: tuple[str | None, Sequence[str]] = (None, ())

#: By the objectives of 1.3: the group of settings that it keeps in a file, and which.
KNOWN: Mapping[str, tuple[str | None, Sequence[str]]] = {
    "binary:hinge": _NONE,
    "binary:logistic": _LOSS,
    "binary:logitraw": _LOSS,
    "count:poisson": ("poisson_regression_param", ("max_delta_step",)),
    "multi:softmax": ("softmax_multiclass_param", ("num_class",)),
    "multi:softprob": ("softmax_multiclass_param", ("num_class",)),
    "rank:map": _RANK,
    "rank:ndcg": _RANK,
    "rank:pairwise": _RANK,
    "reg:gamma": _NONE,
    "reg:logistic": _LOSS,
    "reg:pseudohubererror": _LOSS,
    "reg:squarederror": _LOSS,
    "reg:squaredlogerror": _LOSS,
    "reg:tweedie": ("tweedie_regression_param", ("tweedie_variance_power",)),
    "survival:cox": _NONE,
}
_DEFAULTS = {"num_pairsample": "1", "scale_pos_weight": "1"}

#: Newer objectives whose models predict the sum of their trees as it is: to 1.3 they are those of squared error.
AS_SQUARED_ERROR = frozenset({"reg:absoluteerror", "reg:quantileerror"})


@dataclass(frozen=True)
class Objective:
    """An objective of 1.3, with the settings that it keeps in a file (as JSON text)."""

    name: str
    settings: str


def objective(given: Mapping[str, Any]) -> Objective:
    """Return what 1.3 takes for a model's objective.

    Raises NeoError where 1.3 has none that predicts the same.
    """
    wanted = str(given.get("name"))
    name = "reg:squarederror" if wanted in AS_SQUARED_ERROR else wanted
    if name not in KNOWN:
        possible = ", ".join(sorted([*KNOWN, *AS_SQUARED_ERROR]))
        raise NeoError(
            f"XGBoost 1.3, which Neo reads, does not have the objective {wanted}. Train with one of: {possible}."
        )
    group, names = KNOWN[name]
    settings: dict[str, Any] = {"name": name}
    if group is not None:
        kept = given.get(group, {})
        settings[group] = {each: str(kept.get(each, _DEFAULTS.get(each, "0"))) for each in names}
    return Objective(name, json.dumps(settings, sort_keys=True, separators=(",", ":")))
