"""The algorithm's hyperparameters, declared once: what the job reads is what is checked before the first step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.jobs.builtin.xgboost_algorithm import metrics
from local.jobs.builtin.xgboost_algorithm.values import Interval, Read, groups, integer, list_of, one_of, real, signs

REQUIRED = ("num_round",)
ALIASES = {"learning_rate": "eta", "min_split_loss": "gamma", "reg_lambda": "lambda", "reg_alpha": "alpha"}
# What today's image no longer takes, by the first version that refuses it.
RETIRED = {"silent": (1, 2), "single_precision_histogram": (1, 7)}

_SHARE = Interval(0, 1)
_OPEN_SHARE = Interval(0, 1, low_open=True)
_NOT_NEGATIVE = Interval(0)
_POSITIVE = Interval(1)
_FLAG = integer(Interval(0, 1))
_YES_NO = one_of("true", "false")
_UPDATERS = (
    "grow_colmaker", "distcol", "grow_histmaker", "grow_skmaker", "sync", "refresh", "prune", "shotgun",
    "coord_descent",
)  # fmt: skip
_OBJECTIVES = (
    "aft_loss_distribution", "binary:logistic", "binary:logitraw", "binary:hinge", "count:poisson", "multi:softmax",
    "multi:softprob", "rank:pairwise", "rank:ndcg", "rank:map", "reg:linear", "reg:squarederror", "reg:logistic",
    "reg:gamma", "reg:pseudohubererror", "reg:squaredlogerror", "reg:absoluteerror", "reg:tweedie", "survival:aft",
    "survival:cox",
)  # fmt: skip

DECLARED: dict[str, Read] = {
    "num_round": integer(_POSITIVE),
    "csv_weights": _FLAG,
    "early_stopping_rounds": integer(_POSITIVE),
    "booster": one_of("gbtree", "gblinear", "dart"),
    "verbosity": integer(Interval(0, 3)),
    "silent": _FLAG,
    "nthread": integer(_POSITIVE),
    "eta": real(_SHARE),
    "gamma": real(_NOT_NEGATIVE),
    "max_depth": integer(_NOT_NEGATIVE),
    "min_child_weight": real(_NOT_NEGATIVE),
    "max_delta_step": real(_NOT_NEGATIVE),
    "subsample": real(_OPEN_SHARE),
    "colsample_bytree": real(_OPEN_SHARE),
    "colsample_bylevel": real(_OPEN_SHARE),
    "colsample_bynode": real(_OPEN_SHARE),
    "lambda": real(_NOT_NEGATIVE),
    "alpha": real(_NOT_NEGATIVE),
    "tree_method": one_of("auto", "exact", "approx", "hist", "gpu_hist"),
    "sketch_eps": real(Interval(0, 1, low_open=True, high_open=True)),
    "scale_pos_weight": real(Interval(0, low_open=True)),
    "updater": list_of(_UPDATERS.__contains__, "updater"),
    "dsplit": one_of("row", "col"),
    "refresh_leaf": _FLAG,
    "process_type": one_of("default", "update"),
    "grow_policy": one_of("depthwise", "lossguide"),
    "max_leaves": integer(_NOT_NEGATIVE),
    "max_bin": integer(_NOT_NEGATIVE),
    "predictor": one_of("auto", "cpu_predictor", "gpu_predictor"),
    "monotone_constraints": signs,
    "interaction_constraints": groups,
    "sample_type": one_of("uniform", "weighted"),
    "normalize_type": one_of("tree", "forest"),
    "rate_drop": real(_SHARE),
    "one_drop": _FLAG,
    "skip_drop": real(_SHARE),
    "lambda_bias": real(_SHARE),
    "tweedie_variance_power": real(Interval(1, 2, low_open=True, high_open=True)),
    "objective": one_of(*_OBJECTIVES),
    "num_class": integer(Interval(2)),
    "base_score": real(_NOT_NEGATIVE),
    "_kfold": integer(Interval(2)),
    "_num_cv_round": integer(_POSITIVE),
    "_tuning_objective_metric": one_of(*(f"validation:{name}" for name in (*metrics.MAXIMIZE, *metrics.MINIMIZE))),
    "eval_metric": list_of(metrics.is_metric, "metric of the algorithm"),
    "seed": integer(Interval(-(2**31), 2**31 - 1, low_open=True, high_open=True)),
    "num_parallel_tree": integer(_POSITIVE),
    "save_model_on_termination": _YES_NO,
    "single_precision_histogram": _YES_NO,
    "aft_loss_distribution": one_of("normal", "logistic", "extreme"),
    "aft_loss_distribution_scale": real(_NOT_NEGATIVE),
    "deterministic_histogram": _YES_NO,
    "sampling_method": one_of("uniform", "gradient_based"),
    "prob_buffer_row": integer(Interval(1, low_open=True)),
    "use_dask_gpu_training": _YES_NO,
}


def read(given: Mapping[str, str], version: tuple[int, int]) -> tuple[dict[str, Any], list[str]]:
    """Return the values by name, aliases replaced, and every mistake as a sentence of the image's."""
    texts = {ALIASES.get(name, name): value for name, value in given.items()}
    problems = [f"Missing required hyperparameter: {name}" for name in REQUIRED if name not in texts]
    values: dict[str, Any] = {}
    for name, text in texts.items():
        if name not in DECLARED or version >= RETIRED.get(name, (99, 0)):
            problems.append(f"Extraneous hyperparameter found: {name}")
            continue
        try:
            values[name] = DECLARED[name](text)
        except ValueError as error:
            problems.append(f"Hyperparameter {name}: {error}")
    return values, problems + _together(values) + _not_here(values)


def _together(values: Mapping[str, Any]) -> list[str]:
    """Name values that do not go with others."""
    found = []
    objective = values.get("objective", "reg:squarederror")
    if objective in ("multi:softmax", "multi:softprob") and "num_class" not in values:
        found.append("Require input for parameter 'num_class' for multi-classification")
    chosen = values.get("eval_metric", [])
    if "auc" in chosen and not objective.startswith(("binary:", "rank:")):
        found.append("Metric 'auc' can only be applied for classification and ranking problems.")
    if "aft-nloglik" in chosen and objective != "survival:aft":
        found.append("Metric 'aft-nloglik' can only be applied for 'survival:aft' objective.")
    method = values.get("tree_method")
    for name, methods in (("monotone_constraints", "exact hist"), ("interaction_constraints", "exact hist approx")):
        if name in values and method not in methods.split():
            found.append(f"{name} can be used only when tree_method is one of {', '.join(methods.split())}.")
    return found


def _not_here(values: Mapping[str, Any]) -> list[str]:
    """Name what the image can do and the laptop cannot."""
    found = []
    if "_kfold" in values:
        found.append("Cross-validation inside the algorithm (_kfold) does not run on the laptop.")
    gpu = values.get("tree_method") == "gpu_hist" or values.get("predictor") == "gpu_predictor"
    if gpu or values.get("use_dask_gpu_training") == "true":
        found.append("Training on graphics cards does not run on the laptop: use the tree_method hist.")
    return found
