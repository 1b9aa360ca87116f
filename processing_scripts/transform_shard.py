"""The TransformShards step, on one of its hosts: makes features of this host's files by what was fitted on all.

By hand, with what merge_fits has left:
    python -m processing_scripts.transform_shard --input data --plan out --output out --target income --metric auc
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from inference.bulk import BulkTransform
from inference.columns import FeaturesError
from inference.features import load_features
from inference.job import JobError, run
from processing_scripts.preparing.options import Options, parse
from processing_scripts.preparing.out_of_fold import OutOfFold
from processing_scripts.preparing.source import Source
from processing_scripts.preparing.writing import Outputs, SplitWriter
from processing_scripts.sharding.plan import Part, Plan
from processing_scripts.tables import table_files


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job with the arguments in `argv`."""
    run("TransformShards", argv, lambda arguments: transform_shard(parse(arguments)))


def transform_shard(options: Options) -> None:
    """Write the features of every file of this host into the files of their splits."""
    merged = options.plan or options.input.parent
    plan = Plan(merged / "plan")
    try:
        transform = BulkTransform(load_features(merged / "features" / "features.json"))
        with Outputs(options.output) as outputs:
            for path in table_files(options.input):
                file = path.relative_to(options.input).as_posix()
                _write(
                    Source(replace(options, input=path)),
                    transform,
                    plan,
                    plan.part(file),
                    outputs,
                    raw=options.raw,
                )
                print(f"{file}: done.")
    except FeaturesError as error:
        raise JobError(str(error)) from error


def _write(source: Source, transform: BulkTransform, plan: Plan, part: Part, outputs: Outputs, *, raw: bool) -> None:
    out_of_fold = OutOfFold(transform.features, plan.fold_tables)
    writer: SplitWriter | None = None
    end = 0
    for start, each in source.batches():
        batch, end = each.select(plan.columns), start + each.num_rows
        writer = writer or SplitWriter(outputs, transform.features, batch.schema, part.number, raw=raw)
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        matrix = transform.matrix(columns, batch.num_rows)
        out_of_fold.write(columns, matrix, part.splits[start:end], part.folds[start:end])
        writer.write(batch, partial(_some, matrix), part.labels[start:end], part.splits[start:end])
    if end != part.splits.size:
        raise JobError(f"a file has {end} rows now and had {part.splits.size} when it was fitted; prepare it anew.")
    if writer is not None:
        writer.finish(transform.features.target)


def _some(matrix: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
    return np.take(matrix.T, rows, axis=1).T


if __name__ == "__main__":
    main()
