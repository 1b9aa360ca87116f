"""Features of some training rows, made of what was gathered rather than of raw cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.bulk import fill_dates, fill_levels, fill_numeric
from inference.columns import Dates, Numeric
from inference.features import Features
from processing_scripts.preparing.columns import Planned, UnusedColumn
from processing_scripts.preparing.gathered_levels import CategoricalColumn
from processing_scripts.preparing.training import Training


def sampled_matrix(
    features: Features, planned: Mapping[str, Planned], training: Training, rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Features of the training rows with these numbers, (rows, features), out of fold where the target encodes."""
    out = np.zeros((rows.size, sum(len(column.features()) for column in features.used)), dtype=np.float32, order="F")
    position = 0
    for column in features.used:
        width = len(column.features())
        _fill(column, planned[column.name], training, rows, out[:, position : position + width])
        position += width
    return out


def _fill(column: Any, planned: Planned, training: Training, rows: NDArray[np.int64], out: NDArray[np.float32]) -> None:
    if isinstance(planned, CategoricalColumn):
        codes, levels = planned.cells()
        if planned.fold_table is None:
            fill_levels(column, codes[rows], levels, out)
        else:
            planned.fold_table.fill(codes[rows], levels, training.folds[rows], out)
    elif not isinstance(planned, UnusedColumn):
        values = planned.cells()[rows]
        if isinstance(column, Numeric):
            fill_numeric(column, values, out)
        elif isinstance(column, Dates):
            fill_dates(column, values, out)
