"""`python -m local.jobs.builtin.xgboost_algorithm VERSION`: trains on what the SM_* variables point to."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.jobs.builtin.xgboost_algorithm import channels, group, hyperparameters
from local.jobs.builtin.xgboost_algorithm.errors import AlgorithmError, UserError


def main(version: str, environment: Mapping[str, str]) -> int:
    """Train and write the model; what is wrong goes to the service's failure file, and the exit code is 1."""
    major, _, minor = version.partition(".")
    try:
        _train((int(major), int(minor)), environment)
    except Exception as error:  # noqa: BLE001 - whatever it is, the service must hear of it
        known = isinstance(error, UserError | AlgorithmError)
        kind = type(error).__name__ if known else "AlgorithmError"
        Path(environment["SM_OUTPUT_DIR"], "failure").write_text(f"{kind}: {error}", encoding="utf-8")
        if known:
            sys.stderr.write(f"{kind}: {error}\n")
        else:
            traceback.print_exc()
        return 1
    return 0


def _train(version: tuple[int, int], environment: Mapping[str, str]) -> None:
    config, model = Path(environment["SM_INPUT_CONFIG_DIR"]), Path(environment["SM_MODEL_DIR"])
    given, inputs = _json(config / "hyperparameters.json"), _json(config / "inputdataconfig.json")
    values, problems = hyperparameters.read(given, version)
    problems += channels.problems(inputs)
    if problems:
        raise UserError(" ".join(problems))
    # Imported here: a mistake is found without XGBoost.
    from local.jobs.builtin.xgboost_algorithm import data, model_file, training  # noqa: PLC0415

    kind = channels.data_format(inputs["train"].get("ContentType")) or channels.LIBSVM
    places = {
        name: Path(environment[f"SM_CHANNEL_{name.upper()}"]) for name in ("train", "validation") if name in inputs
    }
    resources = _json(config / "resourceconfig.json")
    current, hosts = resources["current_host"], resources["hosts"]
    meeting = Path(environment.get("SAGELINE_MEETING", ""))
    if len(hosts) > 1:
        has_data = all(data.has_rows(place) for place in places.values())
        # Where no host has data, reading it says so.
        hosts = group.members(meeting, hosts, current, takes_part=has_data) or hosts
        if current not in hosts:
            print(f"Host {current} has no data and takes no part in the training.", flush=True)
            return
    found = {name: data.read(place, kind, weights=values.get("csv_weights") == 1) for name, place in places.items()}
    for name, matrix in found.items():
        shown = name.capitalize()
        print(f"{shown} matrix has {matrix.num_row()} rows and {matrix.num_col()} columns", flush=True)
    values.setdefault("nthread", int(environment.get("OMP_NUM_THREADS", "1")))
    place = environment.get("SM_CHECKPOINT_DIR")
    with group.together(meeting, hosts, current):
        booster = training.train(values, found, model, Path(place) if place else None)
    if current == hosts[0]:
        model_file.write(booster, model / training.MODEL, version)


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], os.environ))
