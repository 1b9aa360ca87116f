"""What a training job is given: features to train and validate on, and what Prepare fitted."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.columns import FeaturesError
from inference.features import LABEL, Features, load_features
from inference.job import JobError


@dataclass(frozen=True)
class Split:
    """Rows of one split: features (rows, width) and labels (rows,), class indices or values."""

    features: NDArray[np.float32]
    labels: NDArray[np.float32]


@dataclass(frozen=True)
class Job:
    """The folders and data of one training job."""

    model_folder: Path
    features_folder: Path
    features: Features
    train: Split
    validation: Split


ALL = slice(None)


def open_job(part: slice = ALL) -> Job:
    """Read the channels `train`, `validation` and `features`; raises JobError where one cannot be used.

    `part` says which of the training rows this host takes. Every host validates on all validation rows that it has.
    """
    features_folder = channel("features")
    try:
        features = load_features(features_folder / "features.json")
    except FeaturesError as error:
        raise JobError(str(error)) from error
    names = features.feature_names()
    model_folder = Path(os.environ.get("SM_MODEL_DIR", "/opt/ml/model"))
    model_folder.mkdir(parents=True, exist_ok=True)
    return Job(
        model_folder, features_folder, features, read_split("train", names, part), read_split("validation", names)
    )


def channel(name: str) -> Path:
    """The folder of an input channel."""
    return Path(os.environ.get(f"SM_CHANNEL_{name.upper()}", f"/opt/ml/input/data/{name}"))


def threads(cells: int) -> int:
    """How many threads train on so many feature cells: one per million, at most one per CPU that the job has.

    Where there is little to do, threads that wait for one another cost many times what they save as soon as another
    program wants a CPU, as the baseline does beside this one.
    """
    given = os.environ.get("SM_NUM_CPUS", "")
    cpus = int(given) if given.isdigit() else os.cpu_count() or 1
    return max(1, min(cpus, cells // 1_000_000))


def read_split(name: str, names: list[str], part: slice = ALL) -> Split:
    """Read a split's feature files, in the order of their names, or a part of their rows."""
    import pyarrow as pa  # noqa: PLC0415  # arguments are checked before Arrow is loaded
    import pyarrow.parquet as pq  # noqa: PLC0415

    folder = channel(name)
    files = sorted(folder.glob("features-*.parquet"))
    if not files:
        raise JobError(f"the channel {name} has no features-*.parquet file; give it the output {name} of Prepare.")
    try:
        tables = [pq.read_table(file) for file in files]
    except (OSError, pa.ArrowInvalid) as error:
        raise JobError(f"a features file of the channel {name} cannot be read as Parquet: {error}.") from error
    if any(table.column_names != [*names, LABEL] for table in tables):
        raise JobError(f"the columns of the channel {name} are not those of features.json; prepare both together.")
    every, first = part.step or 1, part.start or 0
    rows = len(range(sum(table.num_rows for table in tables))[part])
    matrix = np.empty((rows, len(names)), dtype=np.float32)
    labels = np.empty(rows, dtype=np.float32)
    start = passed = 0
    for table in tables:
        mine = slice((first - passed) % every, None, every)
        end = start + len(range(table.num_rows)[mine])
        for place in range(len(names)):
            matrix[start:end, place] = table.column(place).to_numpy()[mine]
        labels[start:end] = table.column(len(names)).to_numpy()[mine]
        start, passed = end, passed + table.num_rows
    if rows == 0:
        raise JobError(f"the channel {name} has no rows; prepare the data again.")
    return Split(matrix, labels)
