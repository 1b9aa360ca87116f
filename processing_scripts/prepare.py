"""The Prepare step: a table becomes features for training, validation and test, everything fitted, and a profile.

By hand:
    python -m processing_scripts.prepare --input data --output out --target income --metric auc
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.bulk import BulkTransform
from inference.cells import missing_tokens
from inference.columns import FeaturesError
from inference.job import JobError, run
from processing_scripts.columns import ColumnSummary, Summary
from processing_scripts.fitting.spill import Spill
from processing_scripts.preparing.fitted import Fitted, fit
from processing_scripts.preparing.gathered_features import GatheredFeatures
from processing_scripts.preparing.options import Options, parse
from processing_scripts.preparing.repeated import decoded
from processing_scripts.preparing.source import Source
from processing_scripts.preparing.writing import FeaturesOf, Outputs, SplitWriter


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job with the arguments in `argv`."""
    run("Prepare", argv, lambda arguments: prepare(parse(arguments)))


def prepare(options: Options) -> None:
    """Read, decide, split, fit, transform, write; raises JobError where the data does not allow it."""
    source = Source(options, encoded=True)
    summaries, cells, decoded = _survey(source, options)
    if source.inspection is not None:
        source.inspection.judge()
    fitted = fit(source, options, summaries, cells, decoded)
    with Outputs(options.output) as outputs:
        fitted.write(outputs, _write(source, outputs, fitted, raw=options.raw))
    fitted.say()


def _survey(source: Source, options: Options) -> tuple[dict[str, Summary], list[pa.Array], dict[str, Spill]]:
    """The first pass: what every column holds, the target as a whole, and the numbers of columns of plain ones."""
    tokens = missing_tokens(options.missing)
    found = {name: ColumnSummary(name, tokens, Spill(np.float64)) for name in source.columns if name != options.target}
    cells = []
    for _, batch in source.batches():
        for name, summary in found.items():
            summary.update(batch.column(name))
        cells.append(batch.column(options.target))
    decoded = {name: summary.decoded for name, summary in found.items() if summary.decoded is not None}
    return {name: summary.finish() for name, summary in found.items()}, cells, decoded


def _write(source: Source, outputs: Outputs, fitted: Fitted, *, raw: bool) -> list[dict[str, Any]]:
    """The third pass: every row as features, in the files of its split; returns sample rows."""
    make = _transform(fitted)
    labels = fitted.target.values.astype(np.float32)
    writer: SplitWriter | None = None
    for start, batch in source.batches():
        rows = slice(start, start + batch.num_rows)
        writer = writer or SplitWriter(outputs, fitted.features, decoded(batch.slice(0, 0)).schema, raw=raw)
        writer.write(batch, make(start, batch), labels[rows], fitted.splits[rows])
    return writer.finish(fitted.features.target) if writer else []


def _transform(fitted: Fitted) -> Callable[[int, Any], FeaturesOf]:
    """What makes features of the rows of a batch, given the number of its first row."""
    if not fitted.earlier:
        gathered = GatheredFeatures(fitted.features, fitted.planned)

        def make(start: int, batch: Any) -> FeaturesOf:
            rows = slice(start, start + batch.num_rows)
            return gathered.of_batch(start, fitted.splits[rows], fitted.folds[rows])

        return make
    transform = BulkTransform(fitted.features)

    def of_cells(_: int, batch: Any) -> FeaturesOf:
        def matrix(rows: NDArray[np.int64]) -> NDArray[np.float32]:
            part = decoded(batch.take(pa.array(rows)))
            try:
                return transform.matrix(dict(zip(part.schema.names, part.columns, strict=True)), rows.size)
            except FeaturesError as error:
                raise JobError(str(error)) from error

        return matrix

    return of_cells


if __name__ == "__main__":
    main()
