"""`python -m local.jobs.builtin.checks KIND ROOT [MODEL]`: one check of a job whose folders lie below ROOT (/opt/ml).

MODEL is the model that Clarify asks where the analysis configuration does not name one. The home is found by its
variable, as everywhere.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.jobs.builtin.checks import LOG_VARIABLE, clarify, data_quality, drift, model_quality
from local.jobs.builtin.checks.served import Served
from local.jobs.builtin.checks.table import CheckError, read
from local.store.home import Home
from local.store.store import Store

BASELINE = "processing/input/baseline"
INSIDE = "/opt/ml"


def main(kind: str, root: Path, environment: Mapping[str, str], model: str = "") -> int:
    """Compute, compare, write; what is wrong goes to the job's exit message, and the exit code is 1."""
    try:
        results = _clarify(root, environment, model) if kind == "CLARIFY" else _RUNS[kind](root, environment)
        if (root / BASELINE).is_dir():
            files = sorted((root / BASELINE).rglob("*.json"))
            results["constraint_violations.json"] = {"violations": _compare(kind, results, root, environment, files[0])}
    except (CheckError, OSError, ValueError, KeyError) as error:
        told = str(error) if isinstance(error, CheckError) else f"The check could not be made: {error}"
        (root / "output").mkdir(parents=True, exist_ok=True)
        (root / "output" / "message").write_text(told, encoding="utf-8")
        sys.stderr.write(f"{told}\n")
        return 1
    for name, content in results.items():
        path = _output(root) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content, indent=2, allow_nan=False)
        path.write_text(text, encoding="utf-8")
    return 0


def _table(root: Path, environment: Mapping[str, str]) -> Any:
    given = json.loads(environment.get("dataset_format") or "{}")
    place = environment.get("dataset_source", f"{INSIDE}/processing/input/baseline_dataset_input")
    return read(_below(root, place), header=bool(given.get("csv", {}).get("header", True)))


def _data_quality(root: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    columns = _table(root, environment)
    return {
        "statistics.json": data_quality.statistics(columns),
        "constraints.json": data_quality.constraints(columns),
    }


def _model_quality(root: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    found = model_quality.statistics(_table(root, environment), environment)
    return {"statistics.json": found, "constraints.json": model_quality.constraints(found)}


def _clarify(root: Path, environment: Mapping[str, str], model: str) -> dict[str, Any]:
    places = {entry["InputName"]: entry["S3Input"]["LocalPath"] for entry in _request(root)["ProcessingInputs"]}
    missing = [name for name in ("analysis_config", "dataset") if name not in places]
    if missing:
        message = f"The job has no input {' and none '.join(missing)}, which Clarify reads."
        raise CheckError(message)
    config = next(iter(sorted(_below(root, places["analysis_config"]).rglob("analysis_config.json"))), None)
    if config is None:
        message = "The input analysis_config holds no analysis_config.json."
        raise CheckError(message)
    predictor = json.loads(config.read_text(encoding="utf-8")).get("predictor") or {}
    named = (
        predictor
        if predictor.get("endpoint_name")
        else {**predictor, "model_name": model or predictor.get("model_name")}
    )
    served = Served(Store(Home.find()), named, Path(environment[LOG_VARIABLE]))
    try:
        return clarify.analyse(config, _below(root, places["dataset"]), served.ask, served.fetch)
    finally:
        served.stop()


def _request(root: Path) -> Any:
    return json.loads((root / "config" / "processingjobconfig.json").read_text(encoding="utf-8"))


def _output(root: Path) -> Path:
    """Return the folder of the results: that of the job's first output."""
    outputs = _request(root).get("ProcessingOutputConfig", {}).get("Outputs") or ()
    return _below(root, outputs[0]["S3Output"]["LocalPath"] if outputs else f"{INSIDE}/processing/output")


def _below(root: Path, place: str) -> Path:
    """Return a path of the container, also where the sandbox has written the real one."""
    path = Path(place)
    return root / path.relative_to(INSIDE) if path.is_relative_to(INSIDE) else path


def _compare(kind: str, results: Mapping[str, Any], root: Path, environment: Mapping[str, str], path: Path) -> Any:
    baseline = json.loads(path.read_text(encoding="utf-8"))
    if kind == "DATA_QUALITY":
        return data_quality.violations(_table(root, environment), baseline)
    if kind == "MODEL_QUALITY":
        return model_quality.violations(results["statistics.json"], baseline)
    return drift.violations(results["analysis.json"], baseline)


_RUNS = {"DATA_QUALITY": _data_quality, "MODEL_QUALITY": _model_quality}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), os.environ, *sys.argv[3:]))
