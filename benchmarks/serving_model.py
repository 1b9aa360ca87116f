"""The model that serving is measured with: 12 numeric and 8 text columns, 200 trees, trained as in a pipeline.

Prepare and the training script run as they do in jobs, so that what is measured is what a pipeline registers. The same
table trains the peers' model.
"""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.timing import run_process
from inference.archive import FEATURES, FORMAT_VERSION, MANIFEST, digest
from inference.columns import Numeric
from inference.compiled import FOLDER
from inference.compiler.compiling import compile_model
from inference.compiler.targets import host_target
from inference.features import load_features
from inference.predict import XGBOOST_FILE
from inference.rows import RowTransform

NUMBERS = [f"n{place}" for place in range(12)]
TEXTS = [f"t{place}" for place in range(8)]
COLUMNS = [*NUMBERS, *TEXTS]
TARGET = "bought"
MOST = 1e30
ROOT = Path(__file__).resolve().parents[1]


def rows(count: int, seed: int) -> list[list[str]]:
    """Raw rows with their label last: three in a hundred cells are empty."""
    draw = random.Random(seed)  # noqa: S311 - made-up data
    levels = [
        [f"{name}: the level number {place}" for place in range(3 + 2 * index)] for index, name in enumerate(TEXTS)
    ]
    made = []
    for _ in range(count):
        numbers = [draw.gauss(0, 10 ** (place % 4)) for place in range(12)]
        places = [min(int(draw.expovariate(0.5)), len(names) - 1) for names in levels]
        margin = sum(value / 10 ** (place % 4) for place, value in enumerate(numbers[:6])) + places[0] - places[1]
        label = "yes" if margin + draw.gauss(0, 1) > 0 else "no"
        cells = [f"{value:.4f}" for value in numbers]
        cells += [names[place] for names, place in zip(levels, places, strict=True)]
        made.append([cell if draw.random() > 0.03 else "" for cell in cells] + [label])
    return made


def body(count: int, seed: int) -> bytes:
    """Raw rows without their label, as CSV."""
    return "".join(",".join(row[:-1]) + "\n" for row in rows(count, seed)).encode()


def table(folder: Path, count: int = 20_000) -> Path:
    """Write the training table into a folder of its own."""
    path = folder / "data" / "data.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*COLUMNS, TARGET])
        writer.writerows(rows(count, seed=1))
    return path


def trained(folder: Path) -> Path:
    """Return the folder of a trained model below a folder; it is trained where it is not there."""
    model = folder / "model"
    if not (model / "manifest.json").is_file():
        data = table(folder).parent
        output = folder / "prepared"
        prepare = ["processing_scripts.prepare", "--input", str(data), "--output", str(output)]
        _run([*prepare, "--target", TARGET, "--metric", "auc", "--kind", "binary"], {})
        channels = {f"SM_CHANNEL_{name.upper()}": str(output / name) for name in ("train", "validation", "features")}
        places = {"SM_MODEL_DIR": str(model), "SM_OUTPUT_DIR": str(folder / "output"), "SM_NUM_CPUS": "1"}
        _run(["training_scripts.train_xgboost", "--num_round", "200", "--max_depth", "6"], {**channels, **places})
    return model


def prepared(folder: Path, model: Path) -> Path:
    """Return the folder of an archive with the trees of `model` that takes its features as raw columns.

    Beside it stands `prepared.csv`, the features of the row in `row.csv` of the same folder.
    """
    made = folder / "model"
    features = load_features(model / FEATURES)
    as_they_are: dict[str, Any] = {"median": 0.0, "low": -MOST, "high": MOST, "mean": 0.0, "deviation": 1.0}
    columns = tuple(Numeric(name, **as_they_are) for name in features.feature_names())
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    (made / FEATURES).write_text(json.dumps(replace(features, columns=columns).to_json()), encoding="utf-8")
    shutil.copyfile(model / XGBOOST_FILE, made / XGBOOST_FILE)
    compile_model(made, made / FOLDER / host_target().name, host_target())
    digests = {str(path.relative_to(made)): digest(path) for path in sorted(made.rglob("*")) if path.is_file()}
    manifest = {"format_version": FORMAT_VERSION, "files": digests}
    (made / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    values = RowTransform(features).values(rows(1, seed=5)[0][:-1])
    (folder / "prepared.csv").write_text(",".join(f"{value:.7g}" for value in values) + "\n", encoding="utf-8")
    return made


def _run(arguments: list[str], environment: dict[str, str]) -> None:
    search = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    run_process([sys.executable, "-m", *arguments], {**environment, "PYTHONPATH": search}, str(ROOT))
