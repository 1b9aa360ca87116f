"""Trains the baseline, a penalised linear or logistic model, its penalty chosen on the validation rows.

By hand, on the outputs of Prepare:
    SM_CHANNEL_TRAIN=out/train SM_CHANNEL_VALIDATION=out/validation SM_CHANNEL_FEATURES=out/features \
    SM_MODEL_DIR=model python -m training_scripts.train_baseline --seed 7
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np

from inference.job import run
from inference.predict import LINEAR_FILE, LINEAR_FORMAT, LinearModel
from inference.scores import score
from training_scripts import defaults
from training_scripts.archive import copy_features, write_archive
from training_scripts.arguments import SEED, Hyperparameter, parse
from training_scripts.channels import Job, open_job
from training_scripts.compiling import compile_trained
from training_scripts.deciding import DECIDING, decided_by, split_wish
from training_scripts.linear import Linear, logistic, ridge
from training_scripts.report import say, say_round, say_validation
from training_scripts.weights import WEIGHING, Weigh, log_loss, weighed

HYPERPARAMETERS: Mapping[str, Hyperparameter] = {
    "seed": SEED,
    "penalty": Hyperparameter(whole=False, low=0, high=1e9, above=True),
    **{name: defaults.HYPERPARAMETERS[name] for name in WEIGHING},
}
PENALTIES = [1000.0, 100.0, 10.0, 1.0, 0.1]
"""What is tried where no penalty is given, from simple models to free ones."""
MOST_ROWS = 200_000
"""Training rows used at most: a linear model gains nothing from more."""

_LOSSES = {"binary": ("log_loss", "logloss"), "multiclass": ("log_loss", "mlogloss"), "regression": ("rmse", "rmse")}


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job with the hyperparameters in `argv`."""
    run("TrainBaseline", argv, train)


def train(argv: Sequence[str]) -> None:
    """Train, print metrics, fill the model folder."""
    given, wish = split_wish(parse(argv, {**HYPERPARAMETERS, **DECIDING}))
    job = open_job()
    penalties = [float(given["penalty"])] if "penalty" in given else PENALTIES
    weigh = weighed(job.features, job.train.labels, given)
    found = zip(_fit(job, penalties, weigh), penalties, strict=True)
    fitted = [_content(job, linear, penalty) for linear, penalty in found]
    losses = [_loss(job, number, raw, weigh) for number, raw in enumerate(fitted)]
    best = min(range(len(fitted)), key=losses.__getitem__)
    text = json.dumps(fitted[best], indent=1, allow_nan=False) + "\n"
    (job.model_folder / LINEAR_FILE).write_text(text, encoding="utf-8")
    say(f"best_iteration:{best}")
    model = LinearModel(fitted[best], job.features)
    features, decided = decided_by(job, model, wish)
    validation = say_validation(features, model, job.validation)
    facts = {
        "hyperparameters": {"penalty": penalties[best], **{name: given[name] for name in WEIGHING if name in given}},
        "seed": given.get("seed"),
        "best_iteration": best,
        "validation": validation,
        **decided,
    }
    # The baseline's compilation needs what Prepare fitted beside the coefficients.
    copy_features(job.features_folder, job.model_folder, features.threshold)
    compile_trained(job.model_folder, job.train.features)
    write_archive(job.model_folder, job.features_folder, features, model, facts)


def _fit(job: Job, penalties: list[float], weigh: Weigh) -> list[Linear]:
    step = -(-len(job.train.labels) // MOST_ROWS)
    features = job.train.features[::step].astype(np.float64)
    labels = job.train.labels[::step]
    if job.features.kind == "regression":
        return ridge(features, labels.astype(np.float64), penalties)
    outputs = 1 if job.features.kind == "binary" else len(job.features.labels)
    counts = weigh(labels)
    return logistic(
        features, labels.astype(np.int64), outputs, penalties, None if counts is None else counts.astype(np.float64)
    )


def _content(job: Job, linear: Linear, penalty: float) -> dict[str, object]:
    """What linear.json holds."""
    return {
        "format_version": LINEAR_FORMAT,
        "kind": job.features.kind,
        "penalty": penalty,
        "features": job.features.feature_names(),
        "coefficients": linear.coefficients.tolist(),
        "intercepts": linear.intercepts.tolist(),
    }


def _loss(job: Job, number: int, raw: dict[str, object], weigh: Weigh) -> float:
    """Print and return the loss of a candidate on the validation rows, which count as in training."""
    model = LinearModel(raw, job.features)
    ours, name = _LOSSES[job.features.kind]
    losses = {}
    for split, data in (("train", job.train), ("validation", job.validation)):
        counts, scores = weigh(data.labels), model.scores(data.features)
        if counts is None:
            losses[split] = {name: score(job.features.kind, data.labels, scores)[ours]}
        else:
            losses[split] = {name: log_loss(data.labels, scores, counts)}
    say_round(number, losses)
    return losses["validation"][name]


if __name__ == "__main__":
    main()
