"""Scores the rows of a folder by one way, and prints what it took as JSON; a process of its own for each measurement.

    python benchmarks/compiled_contenders.py CONTENDER FOLDER
    python benchmarks/compiled_contenders.py convert FOLDER PEERS

The folder holds model.json, rows.npy and what `benchmarks.compiled` made of the model. Imports nothing of the project
but for its own contender, so that the environment of the peers runs it too.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np  # after the number of threads is said

ROWS_ALONE = 2_000
BATCHES = 5
Score = Callable[[Any], Any]


def compiled(folder: Path) -> Score:
    """Our compiled model, through the object and the call that an endpoint uses."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    features = import_module("inference.features").load_features(folder / "features.json")
    score: Score = import_module("inference.predict").load_model(folder, features).scores
    return score


def compiled_lightgbm(folder: Path) -> Score:
    """Our compiled LightGBM model, through the library's function."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    path = folder / "compiled"
    facts = json.loads((path / "compiled.json").read_text(encoding="utf-8"))
    library = import_module("inference.compiler.library").Library
    score: Score = library(path / "compiled.so", facts["width"], facts["outputs"]).scores
    return score


def lightgbm(folder: Path) -> Score:
    """LightGBM's prediction."""
    booster = import_module("lightgbm").Booster(model_file=folder / "model.txt")
    return lambda rows: booster.predict(rows, num_threads=1)


def xgboost(folder: Path) -> Score:
    """XGBoost's prediction in place."""
    booster = import_module("xgboost").Booster(model_file=folder / "model.json")
    booster.set_param({"nthread": 1})
    score: Score = booster.inplace_predict
    return score


def onnx(folder: Path) -> Score:
    """ONNX Runtime, probabilities alone."""
    onnxruntime = import_module("onnxruntime")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    path = folder / "model.onnx"
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    output = session.get_outputs()[-1].name
    name = session.get_inputs()[0].name
    return lambda rows: session.run([output], {name: rows})[0][:, 1]


def gtil(folder: Path) -> Score:
    """Treelite's general inference."""
    treelite = import_module("treelite")
    model = treelite.frontend.load_xgboost_model(str(folder / "model.json"))
    return lambda rows: treelite.gtil.predict(model, rows, nthread=1)[:, 0, 0]


def tl2cgen(folder: Path) -> Score:
    """The library that tl2cgen made."""
    compiler = import_module("tl2cgen")
    predictor = compiler.Predictor(str(folder / "tl2cgen.so"), nthread=1)
    return lambda rows: predictor.predict(compiler.DMatrix(rows, dtype="float32"))[:, 0, 0]


def convert(folder: Path, peers: str) -> dict[str, float]:
    """Make what the peers score with, those of them that need something; the seconds that each took."""
    seconds = {}
    if "onnx" in peers:
        onnxmltools = import_module("onnxmltools")
        kinds = import_module("onnxmltools.convert.common.data_types")
        booster = import_module("xgboost").Booster(model_file=folder / "model.json")
        started = time.perf_counter()
        shape = kinds.FloatTensorType([None, booster.num_features()])
        made = onnxmltools.convert_xgboost(booster, initial_types=[("rows", shape)])
        (folder / "model.onnx").write_bytes(made.SerializeToString())
        seconds["onnx"] = time.perf_counter() - started
    if "tl2cgen" in peers:
        compiler, treelite = map(import_module, ("tl2cgen", "treelite"))
        model = treelite.frontend.load_xgboost_model(str(folder / "model.json"))
        started = time.perf_counter()
        compiler.export_lib(model, toolchain="gcc", libpath=str(folder / "tl2cgen.so"), params={"parallel_comp": 2})
        seconds["tl2cgen"] = time.perf_counter() - started
    return seconds


CONTENDERS = {
    function.__name__: function for function in (compiled, compiled_lightgbm, lightgbm, xgboost, onnx, gtil, tl2cgen)
}


def measure(score: Score, rows: Any, folder: Path) -> dict[str, Any]:
    """Microseconds of rows alone, milliseconds of all rows, and how many answers differ in a bit from the model's.

    All rows are timed by the clock of the processor, which one thread's work reads the same on a busy machine.
    """
    alone = [np.ascontiguousarray(rows[place : place + 1]) for place in range(min(ROWS_ALONE, len(rows)))]
    for row in alone[:200]:
        score(row)
    single = []
    for row in alone:
        started = time.perf_counter()
        score(row)
        single.append(time.perf_counter() - started)
    batches = []
    for _ in range(BATCHES):
        started = time.process_time()
        found = score(rows)
        batches.append(time.process_time() - started)
    expected = np.load(folder / "expected.npy")
    ordered = sorted(single)
    return {
        "p50_us": statistics.median(single) * 1e6,
        "p99_us": ordered[int(0.99 * len(ordered))] * 1e6,
        "batch_ms": statistics.median(batches) * 1e3,
        "differing": int((np.asarray(found, np.float32).view(np.uint32) != expected.view(np.uint32)).sum()),
    }


def main(name: str, place: str, peers: str = "") -> str:
    """Measure a contender, or make what the peers need."""
    folder = Path(place)
    if name == "convert":
        return json.dumps(convert(folder, peers))
    return json.dumps(measure(CONTENDERS[name](folder), np.load(folder / "rows.npy"), folder))


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
