"""The program that prepares an AutoML job's rows once, for all candidates: `FOLDER` holds plan.json and input/."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from inference.bulk import BulkTransform
from inference.cells import missing_tokens
from inference.columns import Ignored
from inference.features import Features
from inference.job import JobError
from local.automl.archive import write_json
from local.automl.fitting import Rows, fit_column, held_out, labels_of, raw_rows, target_kind
from local.automl.metrics import KINDS, OBJECTIVES
from local.automl.program import run
from local.automl.tables import MIN_ROWS, Table, read_table

_SAMPLES = 20
# The service refuses smaller tables; source: Developer Guide, Autopilot quotas.
_FEWEST_OF_SERVICE = 500


def prepare(folder: Path) -> None:
    """Write what the candidates read: matrices, labels, features.json, sample rows, facts."""
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    table, train, validation = _rows(folder, plan)
    target = plan["target"]
    problem_type = target_kind(table.columns[target], plan["problem_type"])
    metric = plan["metric"] or OBJECTIVES[problem_type][0]
    if metric not in OBJECTIVES[problem_type]:
        raise JobError(f"the objective {metric} is none of {problem_type}, which the target makes of this problem.")
    kind = KINDS[problem_type]
    labels, numbered = labels_of(table.columns[target], kind)
    if train is None or validation is None:
        train, validation = held_out(numbered, plan["fraction"], plan["seed"], by_class=kind != "regression")
    else:
        train, validation = (part[~np.isnan(numbered[part])] for part in (train, validation))
    _check(numbered, train, validation, kind)
    inputs = {name: array for name, array in table.columns.items() if name != target}
    columns = tuple(fit_column(name, array, train) for name, array in inputs.items())
    if all(isinstance(column, Ignored) for column in columns):
        raise JobError("no column but the target has anything to learn from.")
    features = Features(kind, target, metric, labels, columns, missing_tokens(), "automl", plan["seed"])
    matrix = BulkTransform(features).matrix(inputs, table.rows)
    _write(folder / "prepared", features, raw_rows(inputs, validation[:_SAMPLES]))
    for name, part in (("train", train), ("validation", validation)):
        np.savez(folder / "prepared" / f"{name}.npz", features=matrix[part], labels=numbered[part])
    facts = {"problem_type": problem_type, "metric": metric, "train": len(train), "validation": len(validation)}
    write_json(folder / "prepared" / "facts.json", facts)
    _tell(features, facts, table.rows)


def _rows(folder: Path, plan: Mapping[str, Any]) -> tuple[Table, Rows | None, Rows | None]:
    """Return one table, and which of its rows are to train on and to score on where the channels say it."""
    tables: dict[str, Table] = {}
    for number, channel in enumerate(plan["channels"]):
        found = read_table(
            folder / "input" / str(number), parquet=bool(channel["parquet"]), packed=bool(channel["packed"])
        )
        if plan["target"] not in found.columns:
            shown = ", ".join(list(found.columns)[:8])
            raise JobError(f"the rows have no column {plan['target']!r}; they have {shown}.")
        name = channel["name"]
        tables[name] = found if name not in tables else _joined(tables[name], found)
    train = tables["training"]
    if "validation" not in tables:
        return train, None, None
    both = _joined(train, tables["validation"])
    return both, np.arange(train.rows), np.arange(train.rows, both.rows)


def _joined(first: Table, second: Table) -> Table:
    import pyarrow as pa  # noqa: PLC0415 - only this program reads tables

    if list(first.columns) != list(second.columns):
        raise JobError("the channels do not have the same columns.")
    try:
        columns = {name: pa.concat_arrays([first.columns[name], second.columns[name]]) for name in first.columns}
    except pa.ArrowException as error:
        raise JobError(f"the channels have columns of different types ({error}).") from error
    return Table(columns, first.rows + second.rows)


def _check(labels: np.ndarray[Any, Any], train: Rows, validation: Rows, kind: str) -> None:
    if len(train) < MIN_ROWS or not len(validation):
        raise JobError(f"{len(train)} rows to train on and {len(validation)} to score on are too few; give it more.")
    if kind != "regression" and len(np.unique(labels[train])) < len(np.unique(labels[~np.isnan(labels)])):
        raise JobError("a class has no row among those to train on; give it more rows of each class.")


def _write(folder: Path, features: Features, samples: list[dict[str, Any]]) -> None:
    folder.mkdir(exist_ok=True)
    write_json(folder / "features.json", features.to_json())
    write_json(folder / "sample_rows.json", samples)


def _tell(features: Features, facts: Mapping[str, Any], rows: int) -> None:
    shown = f"{facts['train']} rows to train on, {facts['validation']} to score on"
    sys.stdout.write(f"{facts['problem_type']} by {facts['metric']}: {shown}.\n")
    for column in features.columns:
        if isinstance(column, Ignored):
            sys.stdout.write(f"The column {column.name} is left out. {column.reason}\n")
    if rows < _FEWEST_OF_SERVICE:
        sys.stdout.write(f"The service takes no fewer than {_FEWEST_OF_SERVICE} rows, and these are {rows}.\n")


def main(argv: Sequence[str]) -> None:
    """Prepare the rows in the folder given."""
    run(lambda: prepare(Path(argv[0])), Path(argv[0]) / "failure")
