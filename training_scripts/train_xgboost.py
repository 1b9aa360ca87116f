"""Trains XGBoost on prepared features, stopping early on the validation rows.

On several hosts each trains on its part of the rows, all grow the same trees, and the leading one writes the model.

By hand, on the outputs of Prepare:
    SM_CHANNEL_TRAIN=out/train SM_CHANNEL_VALIDATION=out/validation SM_CHANNEL_FEATURES=out/features \
    SM_MODEL_DIR=model python -m training_scripts.train_xgboost --seed 7 --max_depth 4
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inference.job import run
from inference.predict import XGBOOST_FILE, load_model
from training_scripts.archive import write_archive
from training_scripts.arguments import parse
from training_scripts.boosting import Start, boost
from training_scripts.channels import Job, open_job
from training_scripts.checkpoints import checkpoints
from training_scripts.compiling import compile_trained
from training_scripts.deciding import DECIDING, Wish, decided_by, split_wish
from training_scripts.defaults import HYPERPARAMETERS, settings
from training_scripts.folds import Folds, cross_validate
from training_scripts.hosts import hosts, together
from training_scripts.parent import read_parent
from training_scripts.report import say, say_validation


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job with the hyperparameters in `argv`."""
    run("Train", argv, train)


def train(argv: Sequence[str]) -> None:
    """Train, print metrics, fill the model folder."""
    given, wish = split_wish(parse(argv, {**HYPERPARAMETERS, **DECIDING}))
    group = hosts()
    job = open_job(group.part("train"))
    parent = read_parent(job.features)
    with together(group):
        chosen = settings(job.features.kind, group.total(len(job.train.labels)), given)
        kept = checkpoints(job, chosen, group, parent.trees if parent else None)
        booster = boost(job, chosen, group, parent, kept)
    if group.leads:
        folds = cross_validate(job, chosen, booster.num_boosted_rounds()) if group.count == 1 and not parent else None
        facts = {"hyperparameters": chosen, "seed": chosen["seed"], **_origin(group.count, parent)}
        _write(job, booster, facts, wish, folds)


def _write(job: Job, booster: Any, facts: dict[str, Any], wish: Wish, folds: Folds | None) -> None:
    """Write the model and print how good it is."""
    booster.save_model(job.model_folder / XGBOOST_FILE)
    best = int(booster.attr("best_iteration"))
    say(f"best_iteration:{best}")
    model = load_model(job.model_folder, job.features)
    features, decided = decided_by(job, model, wish, folds)
    validation = say_validation(features, model, job.validation)
    facts |= {"best_iteration": best, "validation": validation, **decided}
    if folds is not None:
        facts["cross_validation"] = folds.to_json(features)
    compile_trained(job.model_folder, job.train.features)
    write_archive(job.model_folder, job.features_folder, features, model, facts)


def _origin(count: int, parent: Start | None) -> dict[str, Any]:
    """What the manifest says of how the model came about, where that is not the usual way."""
    several = {"hosts": count} if count > 1 else {}
    return {**several, **({"continued_after": parent.rounds} if parent else {})}


if __name__ == "__main__":
    main()
