"""What a person would write to tune the training script: Optuna, threads, and a process for each trial.

python -m benchmarks.tuning_by_hand FOLDER RANGES TRIALS PARALLEL SEED
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import optuna


def main(folder: Path, ranges: dict[str, list[dict[str, Any]]], trials: int, parallel: int, seed: int) -> None:
    """Search; the best model stays in its folder."""
    prepared = folder / "Prepare/processing/output"

    def objective(trial: optuna.Trial) -> float:
        values: dict[str, float] = {}
        for each in ranges["IntegerParameterRanges"]:
            values[each["Name"]] = trial.suggest_int(each["Name"], int(each["MinValue"]), int(each["MaxValue"]))
        for each in ranges["ContinuousParameterRanges"]:
            low, high, log = float(each["MinValue"]), float(each["MaxValue"]), each["ScalingType"] == "Logarithmic"
            values[each["Name"]] = trial.suggest_float(each["Name"], low, high, log=log)
        model = folder / "tuned" / str(trial.number)
        model.mkdir(parents=True, exist_ok=True)
        channels = {f"SM_CHANNEL_{name.upper()}": str(prepared / name) for name in ("train", "validation", "features")}
        words = [word for name, value in {**values, "seed": seed}.items() for word in (f"--{name}", str(value))]
        done = subprocess.run(
            [sys.executable, "-m", "train_xgboost", *words],
            cwd=folder / "code",
            env={**os.environ, **channels, "SM_MODEL_DIR": str(model)},
            capture_output=True,
            text=True,
            check=True,
        )
        return float(re.findall(r"validation:auc=([0-9.e+-]+)", done.stdout)[-1])

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.RandomSampler(seed=seed))
    study.optimize(objective, n_trials=trials, n_jobs=parallel)


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    main(Path(sys.argv[1]), given, *map(int, sys.argv[3:6]))
