"""Compiled trees beside XGBoost, ONNX Runtime, treelite and tl2cgen: one row, 10,000 rows, one thread.

    python -m benchmarks.compiled [TREESxDEPTH …]

The peers but XGBoost take part where `make bench-peers` has made their environment.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers import PYTHON
from benchmarks.timing import machine
from inference.columns import Numeric
from inference.compiled import FOLDER
from inference.compiler import compile_model, host_target
from inference.compiler.compiling import LIBRARY
from inference.features import Features
from inference.predict import import_xgboost

COLUMNS, ROWS, ROUNDS = 30, 10_000, 3
SCRIPT = Path(__file__).with_name("compiled_contenders.py")
SHAPES = ((200, 6), (400, 9))
MOST_FOR_TL2CGEN = 200
"""Trees, of which tl2cgen makes branches; with many it keeps a compiler busy for minutes."""
NAMES = {
    "compiled": "compiled trees",
    "onnx": "ONNX Runtime",
    "gtil": "treelite GTIL",
    "tl2cgen": "tl2cgen",
    "xgboost": "XGBoost inplace_predict",
}


def main(shapes: Sequence[tuple[int, int]] = SHAPES) -> str:
    """Return the figures as text, for shapes of trees and their depth."""
    with tempfile.TemporaryDirectory() as folder:
        parts = [_shape(Path(folder, f"{trees}x{depth}"), trees, depth) for trees, depth in shapes]
    note = (
        [] if PYTHON.exists() else ["The peers but XGBoost were left out: `make bench-peers` makes their environment."]
    )
    return "\n\n".join([f"Compiled trees, {machine()}", *parts, *note])


def _shape(folder: Path, trees: int, depth: int) -> str:
    booster = _grown(folder, trees, depth)
    seconds = _compiled(folder)
    contenders = ["compiled", "xgboost"]
    made = {}
    if PYTHON.exists():
        contenders = [name for name in NAMES if name != "tl2cgen" or trees <= MOST_FOR_TL2CGEN]
        made = _run("convert", folder, ",".join(contenders))
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name in contenders:
            found[name].append(_run(name, folder))
    size = (folder / FOLDER / host_target().name / LIBRARY).stat().st_size / (folder / "model.json").stat().st_size
    title = f"{trees} trees of depth {depth}, {COLUMNS} features, {booster} leaves; one row, and {ROWS:,} rows at once"
    lines = [title, f"{'':<24} p50 us  p99 us  batch ms  rows with other bits"]
    figures = {
        name: {key: statistics.median(run[key] for run in runs) for key in runs[0]} for name, runs in found.items()
    }
    lines += [
        f"{NAMES[name]:<24} {of['p50_us']:6.1f} {of['p99_us']:7.1f} {of['batch_ms']:9.1f} {of['differing']:9.0f}"
        for name, of in figures.items()
    ]
    ours = figures["compiled"]
    lines += [
        f"Compiled trees are {of['p50_us'] / ours['p50_us']:.1f} times as fast as {NAMES[name]} with one row, "
        f"{of['batch_ms'] / ours['batch_ms']:.1f} times with {ROWS:,}."
        for name, of in figures.items()
        if name != "compiled"
    ]
    others = "".join(f", {NAMES[name]} {took:.1f} s" for name, took in made.items())
    lines.append(
        f"Compiled in {seconds:.2f} s, comparing included{others}; the library has {size:.0%} of the model file."
    )
    return "\n".join(lines)


def _grown(folder: Path, trees: int, depth: int) -> int:
    """Grow a model and leave what the contenders need; returns its leaves."""
    folder.mkdir()
    xgboost = import_xgboost()
    random = np.random.default_rng(1)
    rows = random.normal(size=(20_000, COLUMNS)).astype(np.float32)
    labels = rows[:, :5].sum(axis=1) + random.normal(size=len(rows)) > 0
    settings = {"objective": "binary:logistic", "max_depth": depth, "eta": 0.1, "nthread": 2, "seed": 1}
    booster = xgboost.train(settings, xgboost.QuantileDMatrix(rows, labels), trees)
    booster.save_model(folder / "model.json")
    booster.set_param({"nthread": 1})
    np.save(folder / "rows.npy", rows[:ROWS])
    np.save(folder / "expected.npy", booster.inplace_predict(rows[:ROWS]))
    columns = tuple(Numeric(f"c{place}", 0.0, -1e9, 1e9, 0.0, 1.0) for place in range(COLUMNS))
    features = Features("binary", "y", "auc", ("no", "yes"), columns, frozenset(), "0", 1)
    (folder / "features.json").write_text(json.dumps(features.to_json()), encoding="utf-8")
    return sum(tree.count("leaf=") for tree in booster.get_dump())


def _compiled(folder: Path) -> float:
    started = time.perf_counter()
    target = host_target()
    compile_model(folder, folder / FOLDER / target.name, target)
    return time.perf_counter() - started


def _run(name: str, folder: Path, *more: str) -> dict[str, Any]:
    python = sys.executable if name in ("compiled", "xgboost") else str(PYTHON)
    command = [python, str(SCRIPT), name, str(folder), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        message = f"{' '.join(command)} exited with {done.returncode}:\n{done.stderr}"
        raise SystemExit(message)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    given = [(int(trees), int(depth)) for trees, depth in (word.split("x") for word in sys.argv[1:])]
    print(main(given or SHAPES))
