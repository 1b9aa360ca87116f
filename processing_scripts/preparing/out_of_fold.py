"""What training rows are given in columns that the target encodes: what the other folds say of their levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.arrays import texts
from inference.columns import Encoded
from inference.features import Features
from processing_scripts.fitting.encoding import FoldTable
from processing_scripts.preparing.splitting import TRAIN, Splits


class OutOfFold:
    """Writes over the features of training rows; built once from what was fitted, then called for each batch."""

    def __init__(self, features: Features, tables: Mapping[str, FoldTable]) -> None:
        self._missing = features.missing
        self._columns: list[tuple[Encoded, slice, FoldTable]] = []
        position = 0
        for column in features.columns:
            width = len(column.features())
            # An earlier model's columns were not fitted on these rows, and need no folds.
            if isinstance(column, Encoded) and column.name in tables:
                self._columns.append((column, slice(position, position + width), tables[column.name]))
            position += width

    def write(
        self, columns: Mapping[str, Any], matrix: NDArray[np.float32], splits: Splits, folds: NDArray[np.uint8]
    ) -> None:
        """Write over the features of a batch; `splits` and `folds` are its rows'."""
        rows = np.flatnonzero(splits == TRAIN)
        for column, place, table in self._columns:
            codes, levels = texts(columns[column.name], self._missing, column.spell)
            part = np.empty((rows.size, place.stop - place.start), dtype=np.float32)
            table.fill(codes[rows], table.table(levels), folds[rows], part)
            matrix[rows, place] = part


def tables_to_json(tables: Mapping[str, FoldTable]) -> dict[str, Any]:
    """The tables, for `tables_from_json` on another host."""
    return {name: {"levels": list(table.places), "values": table.values.tolist()} for name, table in tables.items()}


def tables_from_json(raw: Mapping[str, Any]) -> dict[str, FoldTable]:
    """The tables that `tables_to_json` gave, to the bit."""
    return {
        name: FoldTable({level: place for place, level in enumerate(each["levels"])}, np.array(each["values"]))
        for name, each in raw.items()
    }
