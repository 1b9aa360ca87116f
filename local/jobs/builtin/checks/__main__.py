"""`python -m local.jobs.builtin.checks KIND ROOT`: one check of a job whose folders lie below ROOT (/opt/ml)."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.jobs.builtin.checks import bias, data_quality, model_quality
from local.jobs.builtin.checks.table import CheckError, read

BASELINE = "processing/input/baseline"
INSIDE = "/opt/ml"


def main(kind: str, root: Path, environment: Mapping[str, str]) -> int:
    """Compute, compare, write; what is wrong goes to the job's exit message, and the exit code is 1."""
    try:
        results = _RUNS[kind](root, environment)
        if (root / BASELINE).is_dir():
            files = sorted((root / BASELINE).rglob("*.json"))
            results["constraint_violations.json"] = {"violations": _compare(kind, results, root, environment, files[0])}
    except (CheckError, OSError, ValueError, KeyError) as error:
        told = str(error) if isinstance(error, CheckError) else f"The check could not be made: {error}"
        (root / "output").mkdir(parents=True, exist_ok=True)
        (root / "output" / "message").write_text(told, encoding="utf-8")
        sys.stderr.write(f"{told}\n")
        return 1
    output = root / "processing" / "output"
    output.mkdir(parents=True, exist_ok=True)
    for name, content in results.items():
        (output / name).write_text(json.dumps(content, indent=2, allow_nan=False), encoding="utf-8")
    return 0


def _table(root: Path, environment: Mapping[str, str]) -> Any:
    given = json.loads(environment.get("dataset_format") or "{}")
    source = Path(environment.get("dataset_source", f"{INSIDE}/processing/input/baseline_dataset_input"))
    place = root / source.relative_to(INSIDE) if source.is_relative_to(INSIDE) else source
    return read(place, header=bool(given.get("csv", {}).get("header", True)))


def _data_quality(root: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    columns = _table(root, environment)
    return {
        "statistics.json": data_quality.statistics(columns),
        "constraints.json": data_quality.constraints(columns),
    }


def _model_quality(root: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    found = model_quality.statistics(_table(root, environment), environment)
    return {"statistics.json": found, "constraints.json": model_quality.constraints(found)}


def _bias(root: Path, _environment: Mapping[str, str]) -> dict[str, Any]:
    inputs = root / "processing" / "input"
    config = json.loads((inputs / "config" / "analysis_config.json").read_text(encoding="utf-8"))
    if config.get("dataset_type", "text/csv") != "text/csv":
        message = f"The dataset is {config['dataset_type']}; the laptop's check reads text/csv."
        raise CheckError(message)
    names = config.get("headers") or ()
    columns = read(inputs / "data", header=not names, names=names)
    return {"analysis.json": bias.analyse(columns, config)}


def _compare(kind: str, results: Mapping[str, Any], root: Path, environment: Mapping[str, str], path: Path) -> Any:
    baseline = json.loads(path.read_text(encoding="utf-8"))
    if kind == "DATA_QUALITY":
        return data_quality.violations(_table(root, environment), baseline)
    if kind == "MODEL_QUALITY":
        return model_quality.violations(results["statistics.json"], baseline)
    return bias.violations(results["analysis.json"], baseline)


_RUNS = {"DATA_BIAS": _bias, "DATA_QUALITY": _data_quality, "MODEL_QUALITY": _model_quality}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), os.environ))
