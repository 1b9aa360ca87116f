"""One look at all rows: what every column holds, the whole target, and a sample of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.cells import missing_tokens
from processing_scripts.columns import ColumnSummary, Summary
from processing_scripts.tables import Table, TableError

SAMPLE_ROWS = 5_000
SAMPLE_CELLS = 4_000_000

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Survey:
    """What was seen.

    Attributes:
        rows: How many rows the table has.
        columns: What each column holds, in the table's order.
        target: The cells of the target, all of them; None when no target is named.
        sample: Some rows, evenly spread, in their order.
        places: The numbers of these rows in the table, from 0.
    """

    rows: int
    columns: dict[str, Summary]
    target: Any
    sample: Any
    places: NDArray[np.int64]


class Sample:
    """Keeps rows evenly spread over a table whose length is not known beforehand, at most twice as many as wanted.

    A row is kept if the fractional part of its number times the golden ratio is below a bound, which falls by halves:
    unlike every n-th row, that cannot fall into step with the data.
    """

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self._bound = 1.0
        self._parts: list[pa.RecordBatch] = []
        self._rows: list[NDArray[np.uint64]] = []
        self._seen = 0

    def update(self, batch: pa.RecordBatch) -> None:
        """Look at more rows."""
        self._keep(batch, np.arange(self._seen, self._seen + batch.num_rows, dtype=np.uint64))
        self._seen += batch.num_rows
        while sum(map(len, self._rows)) > 2 * self._wanted:
            self._bound /= 2
            parts, rows = self._parts, self._rows
            self._parts, self._rows = [], []
            for part, numbers in zip(parts, rows, strict=True):
                self._keep(part, numbers)

    def _keep(self, batch: pa.RecordBatch, rows: NDArray[np.uint64]) -> None:
        kept = np.flatnonzero((rows * _GOLDEN).astype(np.float64) / 2.0**64 < self._bound)
        self._parts.append(batch.take(pa.array(kept)))
        self._rows.append(rows[kept])

    def finish(self) -> tuple[Any, NDArray[np.int64]]:
        """Return the rows kept, as an Arrow table, and their numbers."""
        return pa.Table.from_batches(self._parts).combine_chunks(), np.concatenate(self._rows).astype(np.int64)


def survey(table: Table, target: str | None) -> Survey:
    """Read the whole table once; raises TableError where it turns out to be malformed."""
    tokens, target_tokens = missing_tokens(), missing_tokens(target=True)
    summaries = {name: ColumnSummary(name, target_tokens if name == target else tokens) for name in table.columns}
    sample = Sample(max(1, min(SAMPLE_ROWS, SAMPLE_CELLS // len(table.columns))))
    cells = []
    rows = 0
    for batch in table.batches():
        rows += batch.num_rows
        for name, summary in summaries.items():
            summary.update(batch.column(name))
        if target is not None:
            cells.append(batch.column(target))
        sample.update(batch)
    if not rows:
        raise TableError(f"{table.path} has columns and no rows.")
    kept, places = sample.finish()
    return Survey(
        rows=rows,
        columns={name: summary.finish() for name, summary in summaries.items()},
        target=pa.concat_arrays(cells) if cells else None,
        sample=kept,
        places=places,
    )
