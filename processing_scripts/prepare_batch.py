"""The PrepareBatch step: rows to score become what AutoML's models take, CSV without a header.

By hand, with rows in in/data and what Prepare has fitted in in/features:
    python -m processing_scripts.prepare_batch --input in/data --output out
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from inference.columns import FeaturesError
from inference.features import Features, load_features
from inference.job import JobError, run
from processing_scripts.preparing.raw import raw_columns, write_lines
from processing_scripts.preparing.writing import Outputs
from processing_scripts.tables import TableError, open_table, table_files


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Give the mistake as a sentence, so that it reaches the job's exit message."""
        raise JobError(f"{message}.")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job with the arguments in `argv`."""
    run("PrepareBatch", argv, lambda arguments: prepare_batch(_parse(arguments)))


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = _Parser(prog="prepare_batch", description=__doc__, allow_abbrev=False)
    add = parser.add_argument
    add("--input", type=Path, required=True, help="folder of the rows; that of features.json stands beside it")
    add("--output", type=Path, required=True, help="folder for rows")
    add("--header", action=argparse.BooleanOptionalAction, help="whether CSV files start with names")
    add("--delimiter", help="what separates the cells of CSV files; found out if absent")
    return parser.parse_args(argv)


def prepare_batch(options: argparse.Namespace) -> None:
    """Write a file of lines for each file of rows; raises JobError where one cannot be used."""
    try:
        files = table_files(options.input)
        if not files:
            raise JobError("there are no rows at BatchInputUri; put them there, or give another address.")
        features = load_features(options.input.parent / "features" / "features.json")
        with Outputs(options.output) as outputs:
            for path in files:
                name = path.relative_to(options.input).as_posix()
                rows = _write(path, features, options, outputs.path(f"rows/{name.removesuffix('.csv')}.csv"))
                print(f"{name}: {rows} rows.")
    except (FeaturesError, TableError) as error:
        raise JobError(str(error).replace(f"{options.input}/", "").replace(str(options.input), "the input")) from error


def _write(path: Path, features: Features, options: argparse.Namespace, place: Path) -> int:
    rows = 0
    with place.open("w", encoding="utf-8", newline="") as file:
        for batch in open_table(path, options.header, options.delimiter).batches():
            columns = dict(zip(batch.schema.names, batch.columns, strict=True))
            write_lines(file, raw_columns(features, columns))
            rows += batch.num_rows
    return rows


if __name__ == "__main__":
    main()
