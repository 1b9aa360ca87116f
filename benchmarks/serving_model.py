"""The model that serving is measured with: 12 numeric and 8 text columns, 200 trees, trained as in a pipeline.

Prepare and the training script run as they do in jobs, so that what is measured is what a pipeline registers. The same
table trains the peers' model.
"""

from __future__ import annotations

import csv
import os
import random
import sys
from pathlib import Path

from benchmarks.timing import run_process
from inference.compiled import FOLDER
from inference.compiler.compiling import compile_model
from inference.compiler.targets import host_target

NUMBERS = [f"n{place}" for place in range(12)]
TEXTS = [f"t{place}" for place in range(8)]
COLUMNS = [*NUMBERS, *TEXTS]
TARGET = "bought"
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
        _compile(model)
    return model


def _compile(model: Path) -> None:
    """Compile the trees, as training does where its image has a C compiler."""
    target = host_target()
    if not (model / FOLDER / target.name).is_dir():
        compile_model(model, model / FOLDER / target.name, target)


def _run(arguments: list[str], environment: dict[str, str]) -> None:
    search = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    run_process([sys.executable, "-m", *arguments], {**environment, "PYTHONPATH": search}, str(ROOT))
