"""Trains XGBoost on prepared features, stopping early on the validation rows.

By hand, on the outputs of Prepare:
    SM_CHANNEL_TRAIN=out/train SM_CHANNEL_VALIDATION=out/validation SM_CHANNEL_FEATURES=out/features \
    SM_MODEL_DIR=model python -m training_scripts.train_xgboost --seed 7 --max_depth 4
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from inference.job import run
from inference.predict import XGBOOST_FILE, import_xgboost, load_model
from training_scripts.archive import write_archive
from training_scripts.arguments import parse
from training_scripts.channels import Job, open_job, threads
from training_scripts.defaults import HYPERPARAMETERS, objective, settings
from training_scripts.report import say, say_round, say_validation

_OURS = frozenset({"num_round", "early_stopping_rounds"})


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job with the hyperparameters in `argv`."""
    run("Train", argv, train)


def train(argv: Sequence[str]) -> None:
    """Train, print metrics, fill the model folder."""
    given = parse(argv, HYPERPARAMETERS)
    job = open_job()
    chosen = settings(job.features.kind, len(job.train.labels), given)
    booster = _boost(job, chosen)
    booster.save_model(job.model_folder / XGBOOST_FILE)
    say(f"best_iteration:{booster.best_iteration}")
    model = load_model(job.model_folder, job.features)
    validation = say_validation(job.features, model, job.validation)
    facts = {
        "hyperparameters": chosen,
        "seed": chosen["seed"],
        "best_iteration": booster.best_iteration,
        "validation": validation,
    }
    write_archive(job.model_folder, job.features_folder, job.features, model, facts)


def _boost(job: Job, chosen: Mapping[str, int | float]) -> Any:
    xgboost = import_xgboost()
    nthread = threads(job.train.features.size)
    parameters = {
        **{name: value for name, value in chosen.items() if name not in _OURS},
        **objective(job.features.kind, len(job.features.labels)),
        "tree_method": "hist",
        "nthread": nthread,
    }
    bins = {"max_bin": chosen["max_bin"], "nthread": nthread}
    train_rows = xgboost.QuantileDMatrix(job.train.features, job.train.labels, **bins)
    validation_rows = xgboost.QuantileDMatrix(job.validation.features, job.validation.labels, ref=train_rows, **bins)
    loss = parameters["eval_metric"][-1]
    stopping = xgboost.callback.EarlyStopping(
        rounds=int(chosen["early_stopping_rounds"]), metric_name=loss, data_name="validation", save_best=True
    )
    return xgboost.train(
        parameters,
        train_rows,
        num_boost_round=int(chosen["num_round"]),
        evals=[(train_rows, "train"), (validation_rows, "validation")],
        verbose_eval=False,
        callbacks=[_printing(xgboost)(), stopping],
    )


def _printing(xgboost: Any) -> Any:
    class Printing(xgboost.callback.TrainingCallback):  # type: ignore[misc]  # XGBoost is loaded when it is used
        """Prints each round in the form that the pipeline's metric definitions read."""

        def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:  # noqa: ARG002  # XGBoost's hook
            say_round(
                epoch, {split: {name: log[-1] for name, log in found.items()} for split, found in evals_log.items()}
            )
            return False

    return Printing


if __name__ == "__main__":
    main()
