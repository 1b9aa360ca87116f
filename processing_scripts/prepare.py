"""The Prepare step: a table becomes features for training, validation and test, everything fitted, and a profile.

By hand:
    python -m processing_scripts.prepare --input data --output out --target income --metric auc
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.bulk import BulkTransform
from inference.cells import missing_tokens
from inference.columns import Ignored
from inference.features import Features
from inference.job import JobError, run
from processing_scripts.columns import ColumnSummary, Summary
from processing_scripts.preparing.columns import Planned, plan
from processing_scripts.preparing.options import Options, parse
from processing_scripts.preparing.profile import profile
from processing_scripts.preparing.source import Source
from processing_scripts.preparing.splitting import LEFT_OUT, SPLITS
from processing_scripts.preparing.target import Target, decide
from processing_scripts.preparing.writing import Outputs, SplitWriter


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job with the arguments in `argv`."""
    run("Prepare", argv, lambda arguments: prepare(parse(arguments)))


def prepare(options: Options) -> None:
    """Read, decide, split, fit, transform, write; raises JobError where the data does not allow it."""
    source = Source(options)
    summaries, target = _survey(source, options)
    splits = target.split(options.seed)
    tokens = missing_tokens(options.missing)
    planned = _fit(source, plan(summaries, _left_out(source, options), tokens), splits)
    features = Features(
        kind=target.kind,
        target=options.target,
        metric=options.metric,
        labels=target.labels,
        columns=tuple(column.finish() for column in planned.values()),
        missing=tokens,
        data_version=options.data_version,
        seed=options.seed,
    )
    notes = [*target.notes, *_notes(features, summaries)]
    if not features.used:
        raise JobError(f"no column is left to learn from: {' '.join(notes)}")
    with Outputs(options.output) as outputs:
        samples = _write(source, outputs, features, target, splits)
        outputs.write_json("features/features.json", features.to_json())
        outputs.write_json("features/sample_rows.json", samples)
        outputs.write_json("profile/profile.json", profile(features, target, splits, summaries, planned, notes))
    _say(features, splits, notes)


def _survey(source: Source, options: Options) -> tuple[dict[str, Summary], Target]:
    """The first pass: what every column holds, and the target as a whole."""
    tokens = missing_tokens(options.missing)
    found = {name: ColumnSummary(name, tokens) for name in source.columns if name != options.target}
    cells = []
    for _, batch in source.batches():
        for name, summary in found.items():
            summary.update(batch.column(name))
        cells.append(batch.column(options.target))
    if not sum(map(len, cells)):
        raise JobError("the table has column names but no rows of data.")
    target = decide(
        options.target,
        pa.concat_arrays(cells),
        missing_tokens(options.missing, target=True),
        kind=options.kind,
        metric=options.metric,
        positive=options.positive,
    )
    return {name: summary.finish() for name, summary in found.items()}, target


def _left_out(source: Source, options: Options) -> dict[str, str]:
    """Why columns are left out whatever they hold."""
    after = dict.fromkeys(source.table.known_after_labelling, "is known only once a row is labelled")
    return {**after, **dict.fromkeys(options.drop, "is dropped by the problem file")}


def _fit(source: Source, planned: dict[str, Planned], splits: NDArray[np.uint8]) -> dict[str, Planned]:
    """The second pass: what the training rows say about every column."""
    for start, batch in source.batches():
        part = splits[start : start + batch.num_rows]
        for name, column in planned.items():
            column.update(batch.column(name), part)
    return planned


def _write(
    source: Source, outputs: Outputs, features: Features, target: Target, splits: NDArray[np.uint8]
) -> list[dict[str, Any]]:
    """The third pass: every row as features, in the files of its split; returns sample rows."""
    transform = BulkTransform(features)
    labels = target.values.astype(np.float32)
    writer: SplitWriter | None = None
    for start, batch in source.batches():
        rows = slice(start, start + batch.num_rows)
        writer = writer or SplitWriter(outputs, features.feature_names(), batch.schema)
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        writer.write(batch, transform.matrix(columns, batch.num_rows), labels[rows], splits[rows])
    return writer.finish(features.target) if writer else []


def _notes(features: Features, summaries: Mapping[str, Summary]) -> list[str]:
    notes = [f"The column {column.name} {column.reason}; it is left out." for column in features.columns
             if isinstance(column, Ignored)]  # fmt: skip
    for column in features.used:
        strays: Any = getattr(column, "also_missing", ())
        if strays:
            count = sum(count for _, count in summaries[column.name].strays)
            notes.append(
                f"The column {column.name} holds numbers but for {count} cells such as {strays[0][:40]!r}, "
                f"which are read as missing."
            )
    return notes


def _say(features: Features, splits: NDArray[np.uint8], notes: list[str]) -> None:
    sizes = ", ".join(f"{np.sum(splits == place)} {name}" for place, name in enumerate(SPLITS))
    left_out = int(np.sum(splits == LEFT_OUT))
    print(f"Rows: {sizes}{f', {left_out} left out' if left_out else ''}.")
    print(f"Features: {len(features.feature_names())} of {len(features.used)} columns; {features.kind} problem.")
    for note in notes:
        print(note)


if __name__ == "__main__":
    main()
