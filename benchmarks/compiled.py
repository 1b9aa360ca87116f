"""Compiled trees beside XGBoost, ONNX Runtime, treelite and tl2cgen, and beside LightGBM: one row, 10,000, one thread.

    python -m benchmarks.compiled [TREESxDEPTH …] [lightgbm:TREESxLEAVES …]

The peers but XGBoost take part where `make bench-peers` has made their environment.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from benchmarks.peers import PYTHON
from benchmarks.timing import machine
from inference.columns import Numeric
from inference.compiled import FOLDER
from inference.compiler import compile_model, host_target
from inference.compiler.compiling import LIBRARY
from inference.features import Features
from inference.predict import import_xgboost
from local.compilation.models import compile_lightgbm

COLUMNS, ROWS, ROUNDS = 30, 10_000, 3
SCRIPT = Path(__file__).with_name("compiled_contenders.py")
SHAPES = ("200x6", "400x9", "lightgbm:200x31", "lightgbm:400x127")
MOST_FOR_TL2CGEN = 200
"""Trees, of which tl2cgen makes branches; with many it keeps a compiler busy for minutes."""
NAMES = {
    "compiled": "compiled trees",
    "onnx": "ONNX Runtime",
    "gtil": "treelite GTIL",
    "tl2cgen": "tl2cgen",
    "xgboost": "XGBoost inplace_predict",
    "compiled_lightgbm": "compiled trees",
    "lightgbm": "LightGBM predict",
}


def main(shapes: Sequence[str] = SHAPES) -> str:
    """Return the figures as text, for shapes such as ``200x6`` (trees and their depth) and ``lightgbm:200x31``."""
    parts = []
    with tempfile.TemporaryDirectory() as name:
        for shape in shapes:
            library, _, words = shape.rpartition(":")
            trees, size = (int(word) for word in words.split("x"))
            folder = Path(name, shape.replace(":", "-"))
            folder.mkdir()
            parts.append(_of_lightgbm(folder, trees, size) if library else _of_xgboost(folder, trees, size))
    note = [] if PYTHON.exists() else ["The peers of others were left out: `make bench-peers` makes their environment."]
    return "\n\n".join([f"Compiled trees, {machine()}", *parts, *note])


def _of_xgboost(folder: Path, trees: int, depth: int) -> str:
    leaves = _grown(folder, trees, depth)
    seconds = _compiled(folder)
    contenders = ["compiled", "xgboost"]
    made = {}
    if PYTHON.exists():
        others = [name for name in ("onnx", "gtil", "tl2cgen") if name != "tl2cgen" or trees <= MOST_FOR_TL2CGEN]
        contenders = ["compiled", *others, "xgboost"]
        made = _run("convert", folder, ",".join(contenders))
    size = _share(folder / FOLDER / host_target().name / LIBRARY, folder / "model.json")
    title = f"XGBoost, {trees} trees of depth {depth}, {COLUMNS} features, {leaves} leaves"
    others_took = "".join(f", {NAMES[name]} {took:.1f} s" for name, took in made.items())
    return _table(title, folder, contenders, f"Compiled in {seconds:.2f} s, comparing included{others_took}; {size}.")


def _of_lightgbm(folder: Path, trees: int, leaves: int) -> str:
    rows, labels = _data()
    settings = {"objective": "binary", "num_leaves": leaves, "verbosity": -1, "num_threads": 2, "seed": 1}
    booster = lightgbm.train(settings, lightgbm.Dataset(rows, labels), trees)
    booster.save_model(folder / "model.txt")
    np.save(folder / "rows.npy", rows[:ROWS])
    np.save(folder / "expected.npy", np.asarray(booster.predict(rows[:ROWS], num_threads=1)).astype(np.float32))
    started = time.perf_counter()
    compile_lightgbm(folder / "model.txt", folder / FOLDER, host_target())
    seconds = time.perf_counter() - started
    title = f"LightGBM, {trees} trees of up to {leaves} leaves, {COLUMNS} features"
    size = _share(folder / FOLDER / LIBRARY, folder / "model.txt")
    line = f"Compiled in {seconds:.2f} s, comparing included; {size}."
    return _table(title, folder, ["compiled_lightgbm", "lightgbm"], line)


def _table(title: str, folder: Path, contenders: Sequence[str], last: str) -> str:
    """Measure the contenders in turn; the first one is ours."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name in contenders:
            found[name].append(_run(name, folder))
    lines = [f"{title}; one row, and {ROWS:,} rows at once"]
    lines.append(f"{'':<24} p50 us  p99 us  batch ms  rows with other bits")
    figures = {
        name: {key: statistics.median(run[key] for run in runs) for key in runs[0]} for name, runs in found.items()
    }
    lines += [
        f"{NAMES[name]:<24} {of['p50_us']:6.1f} {of['p99_us']:7.1f} {of['batch_ms']:9.1f} {of['differing']:9.0f}"
        for name, of in figures.items()
    ]
    ours, *others = contenders
    lines += [
        f"Compiled trees are {figures[name]['p50_us'] / figures[ours]['p50_us']:.1f} times as fast as {NAMES[name]} "
        f"with one row, {figures[name]['batch_ms'] / figures[ours]['batch_ms']:.1f} times with {ROWS:,}."
        for name in others
    ]
    return "\n".join([*lines, last])


def _share(library: Path, model: Path) -> str:
    return f"the library has {library.stat().st_size / model.stat().st_size:.0%} of the model file"


def _data() -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    random = np.random.default_rng(1)
    rows = random.normal(size=(20_000, COLUMNS)).astype(np.float32)
    return rows, np.asarray(rows[:, :5].sum(axis=1) + random.normal(size=len(rows)) > 0)


def _grown(folder: Path, trees: int, depth: int) -> int:
    """Grow a model and leave what the contenders need; returns its leaves."""
    xgboost = import_xgboost()
    rows, labels = _data()
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
    python = str(PYTHON) if name in ("convert", "onnx", "gtil", "tl2cgen") else sys.executable
    command = [python, str(SCRIPT), name, str(folder), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        message = f"{' '.join(command)} exited with {done.returncode}:\n{done.stderr}"
        raise SystemExit(message)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Compiled trees beside other ways to score the same rows.")
    parser.add_argument(
        "shapes", nargs="*", default=SHAPES, help="200x6 (trees and their depth), lightgbm:200x31 and so on"
    )
    print(main(parser.parse_args().shapes))
