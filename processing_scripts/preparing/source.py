"""The input table, read as often as it is needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from inference.cells import missing_tokens
from inference.job import JobError
from processing_scripts.preparing.contract import Inspection
from processing_scripts.preparing.named import check_names
from processing_scripts.preparing.options import Options
from processing_scripts.preparing.repeated import Encoder
from processing_scripts.preparing.settings import Contract
from processing_scripts.tables import Table, TableError, open_table

KEPT_BYTES = 512 << 20
"""A table that takes no more memory than this is read once and kept."""


class Source:
    """The rows of the table in batches, each with the number of its first row.

    Rows that break the problem's contract are left out; `inspection` says which once all rows were read. With
    `encoded`, columns of few different texts are codes, and rows cost less to look at again.
    """

    def __init__(self, options: Options, *, encoded: bool = False) -> None:
        try:
            self.table: Table = open_table(options.input, options.header, options.delimiter)
        except TableError as error:
            raise JobError(_relative(str(error), options)) from error
        self._options = options
        self._kept: list[Any] | None = None
        self.inspection: Inspection | None = None
        check_names(options.target, options.drop, options.settings, self.columns)
        split = options.settings.split.column
        if split == options.target:
            raise JobError(f"rows cannot be split by the target column {split}; name another one.")
        if options.target in self.renamed:
            raise JobError(f"several columns are called {options.target}, as the target is; rename the others.")
        if options.settings.contract != Contract():
            self.inspection = Inspection(
                options.settings.contract, self.columns, missing_tokens(options.missing), options.settings.personal
            )
        self._inspected = False
        self._encoder = Encoder(missing_tokens(options.missing), options.target) if encoded else None
        if options.target in options.drop:
            raise JobError(
                f"the target column {options.target} is also among the columns to drop; keep it in one place."
            )

    @property
    def columns(self) -> list[str]:
        """Names of all columns."""
        return self.table.columns

    @property
    def known_after_labelling(self) -> Sequence[str]:
        """Columns that only labelled rows have."""
        return self.table.known_after_labelling

    @property
    def renamed(self) -> Sequence[str]:
        """Names that several columns have."""
        return self.table.renamed

    def batches(self) -> Iterator[tuple[int, Any]]:
        """Every batch with the number of its first row, from 0."""
        start = 0
        for batch in self._batches():
            yield start, batch
            start += batch.num_rows

    def _batches(self) -> Iterator[Any]:
        if self._kept is not None:
            yield from self._kept
            return
        # As text, cells take more memory than in their files.
        kept: list[Any] | None = None if self.table.text_bytes() > KEPT_BYTES else []
        size = 0
        try:
            for read in self.table.batches():
                batch = read
                if self.inspection is not None:
                    batch = self.inspection.accepted(read, first_time=not self._inspected)
                if self._encoder is not None:
                    batch = self._encoder.encoded(batch)
                size += batch.nbytes
                if kept is not None:
                    kept = _kept(kept, batch, size)
                yield batch
        except TableError as error:
            raise JobError(_relative(str(error), self._options)) from error
        self._kept, self._inspected = kept, True


def _kept(kept: list[Any], batch: Any, size: int) -> list[Any] | None:
    """What is kept with one more batch; None where that is too much."""
    if size <= KEPT_BYTES:
        kept.append(batch)
        return kept
    kept.clear()
    pa.default_memory_pool().release_unused()
    return None


def _relative(sentence: str, options: Options) -> str:
    """Name the files as their owner knows them, not by where the job sees them."""
    return sentence.replace(f"{options.input}/", "").replace(str(options.input), "the input")
