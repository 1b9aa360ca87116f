"""What the candidate looks at, by raw column: gain, permutation importance, and XGBoost's own contributions (SHAP).

A column's features (its levels, its indicator of gaps) are one player: gains and contributions add up over them, and
permuting moves them together, as permuting the raw column would.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.archive import Archive
from inference.cells import cell_number, is_missing
from inference.columns import Numeric
from inference.features import Features
from inference.predict import XGBOOST_FILE, import_xgboost
from inference.scores import LOWER_IS_BETTER, classes, score
from processing_scripts.metrics.judged import Judged

REPEATS = 5
MOST_PERMUTED_ROWS = 2_000
_MOST_SCORED = 60_000_000
"""Rows times trees that permuting may score: beyond, fewer columns are permuted, those of the largest gain."""
MOST_EXPLAINED_ROWS = 1_000
_MOST_EXPLAINED = 400_000
"""Rows times trees that are explained."""
MOST_DOTS, MOST_COLUMNS = 200, 12

Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Column:
    """A raw column and where its features stand in a row."""

    name: str
    places: list[int]
    decimal: str = ""


def columns(features: Features) -> list[Column]:
    """Return the raw columns that features are made of, in order."""
    found, place = [], 0
    for column in features.columns:
        width = len(column.features())
        if width:
            decimal = column.decimal if isinstance(column, Numeric) else ""
            found.append(Column(column.name, list(range(place, place + width)), decimal))
        place += width
    return found


def explanations(metric: str, judged: Judged) -> dict[str, Any]:
    """The content of details.json on what the model looks at; nothing for a model that is not at hand."""
    archive, matrix = judged.archive, judged.matrix
    if archive is None or matrix is None:
        return {}
    players = columns(judged.features)
    gains = folded_gain(archive, players)
    found: dict[str, Any] = {"columns": [{"column": name, "gain": gain} for name, gain in gains if gain > 0]}
    found["permutation"] = permutation(metric, judged, archive, matrix, players, [name for name, gain in gains if gain])
    if archive.model.name == "xgboost":
        found["shap"] = shap(judged, archive, matrix, players)
    return found


def folded_gain(archive: Archive, players: Sequence[Column]) -> list[tuple[str, float]]:
    """Return each column with its share of the gain, the largest first."""
    shares = archive.model.importance()
    return sorted(((each.name, float(shares[each.places].sum())) for each in players), key=lambda pair: -pair[1])


def permutation(
    metric: str, judged: Judged, archive: Archive, matrix: Matrix, players: Sequence[Column], used: Sequence[str]
) -> list[dict[str, Any]]:
    """Return by how much the metric gets worse when a column's cells are dealt out anew, the largest first.

    Mean and standard deviation over five deals, on at most 2,000 rows. A column that no split uses does nothing.
    """
    random = np.random.default_rng(judged.features.seed)
    kept = _some(random, len(matrix), MOST_PERMUTED_ROWS)
    rows, truth = matrix[kept], judged.truth[kept]
    before = _measure(metric, judged.features, archive, rows, truth)
    if before is None:
        return []
    by_name = {each.name: each for each in players}
    found = []
    for name in used[: max(1, _MOST_SCORED // (REPEATS * len(rows) * max(_trees(archive), 1)))]:
        worse = []
        for _ in range(REPEATS):
            dealt = rows.copy()
            dealt[:, by_name[name].places] = rows[random.permutation(len(rows))][:, by_name[name].places]
            after = _measure(metric, judged.features, archive, dealt, truth)
            worse.append(0.0 if after is None else before - after)
        found.append({"column": name, "mean": float(np.mean(worse)), "standard_deviation": float(np.std(worse))})
    return sorted(found, key=lambda each: -float(str(each["mean"])))


def shap(judged: Judged, archive: Archive, matrix: Matrix, players: Sequence[Column]) -> dict[str, Any]:
    """Return the mean size of each column's contribution, and the contributions of some rows for the first columns.

    Contributions are in the model's own unit: log-odds for classes, the target's for numbers. They are exact
    (TreeSHAP by the paths of the trees), and with `expected` add up to the row's score in that unit. Of several
    classes, sizes are added up over the classes and rows show that of the class that was predicted.
    """
    random = np.random.default_rng(judged.features.seed)
    most = int(np.clip(_MOST_EXPLAINED // max(_trees(archive), 1), 50, MOST_EXPLAINED_ROWS))
    kept = _some(random, len(matrix), most)
    given = contributions(archive, matrix[kept])
    by_column = np.stack([given[:, :, each.places].sum(axis=2) for each in players], axis=2)
    sizes = np.abs(by_column).mean(axis=0).sum(axis=0)
    shown = by_column[:, 0, :]
    if by_column.shape[1] > 1:
        named = np.argmax(judged.candidate.values[kept], axis=1)
        shown = by_column[np.arange(len(kept)), named, :]
    order = [int(place) for place in np.argsort(-sizes, kind="stable") if sizes[place] > 0]
    return {
        "rows": len(kept),
        "unit": "the target's unit" if judged.features.kind == "regression" else "log-odds",
        "expected": [float(value) for value in given[0, :, -1]],
        "columns": [{"column": players[place].name, "mean": float(sizes[place])} for place in order],
        "dots": [
            _dots(players[place], shown[:, place], [judged.rows[row].get(players[place].name) for row in kept])
            for place in order[:MOST_COLUMNS]
        ],
    }


def contributions(archive: Archive, matrix: Matrix) -> Floats:
    """Return XGBoost's contributions, (rows, outputs, features + 1); the last is what a row without features has."""
    xgboost = import_xgboost()
    booster = xgboost.Booster(model_file=archive.folder / XGBOOST_FILE)
    booster.set_param({"nthread": 1})
    found = np.asarray(booster.predict(xgboost.DMatrix(matrix, nthread=1), pred_contribs=True), dtype=np.float64)
    return found if found.ndim == 3 else found[:, None, :]


def explainability_report(judged: Judged, explained: dict[str, Any]) -> dict[str, Any]:
    """The content of explainability.json, as the model registry shows feature attributions (Clarify's analysis).

    Source: SageMaker Developer Guide, "Analysis Results". Ours are exact values of trees, not estimates by kernels.
    """
    label = judged.features.positive or judged.features.target
    values = {each["column"]: each["mean"] for each in explained["columns"]}
    expected = explained["expected"][-1] if len(explained["expected"]) == 1 else float(np.mean(explained["expected"]))
    section = {label: {"global_shap_values": values, "expected_value": expected}}
    return {"version": "1.0", "explanations": {"kernel_shap": section}}


def _dots(column: Column, contributed: Floats, cells: Sequence[Any]) -> dict[str, Any]:
    """Contributions of rows with the rank of their value from 0 to 1, None where the cell is no number."""
    kept = np.linspace(0, len(cells) - 1, min(len(cells), MOST_DOTS)).astype(np.int64)
    numbers = [None if is_missing(cells[row]) else cell_number(cells[row], column.decimal) for row in kept]
    known = sorted({value for value in numbers if value is not None})
    rank = {value: place / max(len(known) - 1, 1) for place, value in enumerate(known)}
    ranks = [None if value is None else round(rank[value], 3) for value in numbers]
    numeric = sum(each is not None for each in ranks) > len(ranks) / 2
    return {
        "column": column.name,
        "contributions": [float(f"{value:.5g}") for value in contributed[kept]],
        "ranks": ranks if numeric else [],
    }


def _measure(metric: str, features: Features, archive: Archive, rows: Matrix, truth: Matrix) -> float | None:
    """Return a metric that is better when larger."""
    values = archive.model.scores(rows).astype(np.float64)
    predicted = None if features.kind == "regression" else classes(features.kind, values, features.threshold)
    found = score(features.kind, truth, values, predicted).get(metric)
    if found is None:
        return None
    return -found if metric in LOWER_IS_BETTER else found


def _some(random: np.random.Generator, rows: int, most: int) -> NDArray[np.int64]:
    return np.arange(rows) if rows <= most else np.sort(random.choice(rows, most, replace=False))


def _trees(archive: Archive) -> int:
    """How many trees score a row; 0 for a linear model."""
    rounds = archive.manifest.get("best_iteration")
    if archive.model.name != "xgboost" or not isinstance(rounds, int):
        return 0
    return (rounds + 1) * (len(archive.features.labels) if archive.features.kind == "multiclass" else 1)
