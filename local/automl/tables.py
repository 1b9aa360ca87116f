"""Reads an AutoML job's rows: CSV files with a header, gzip-packed or not, and Parquet."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.job import JobError
from local.store.trees import regular_files

MIN_ROWS = 20
_HEADER_BYTES = 1 << 20


@dataclass(frozen=True)
class Table:
    """Columns by name, all of `rows` cells: Arrow arrays of text as it stands, or of Parquet's native types."""

    columns: Mapping[str, Any]
    rows: int


def read_table(folder: Path, *, parquet: bool, packed: bool) -> Table:
    """Read all files of a channel as one table.

    Raises:
        JobError: with the one file and cause why they make none.
    """
    import pyarrow as pa  # noqa: PLC0415 - only this program reads tables

    names = [name for name in regular_files(folder) if (folder / name).stat().st_size]
    if not names:
        raise JobError("the input holds no file with anything in it.")
    tables = []
    for name in names:
        try:
            tables.append(_parquet(folder / name) if parquet else _csv(folder / name, packed=packed))
        except (pa.ArrowException, OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
            raise JobError(f"{name} cannot be read: {' '.join(str(error).split())[:300]}.") from error
    first = tables[0].column_names
    for name, table in zip(names, tables, strict=True):
        if table.column_names != first:
            raise JobError(f"{name} does not have the columns of {names[0]}; give all files the same header.")
    if doubled := sorted({each for each in first if first.count(each) > 1}):
        raise JobError(f"the column {doubled[0]!r} is there twice; name each column once.")
    whole = pa.concat_tables(tables, promote_options="permissive") if parquet else pa.concat_tables(tables)
    return Table({name: whole[name].combine_chunks() for name in first}, whole.num_rows)


def _parquet(path: Path) -> Any:
    import pyarrow.parquet as pq  # noqa: PLC0415

    return pq.read_table(path)


def _csv(path: Path, *, packed: bool) -> Any:
    """Read a CSV file with every cell as the text that it is."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import csv as arrow_csv  # noqa: PLC0415

    content = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
    header = content[:_HEADER_BYTES].decode("utf-8-sig", errors="replace")
    names = [name.strip() for name in next(csv.reader(io.StringIO(header)), [])]
    return arrow_csv.read_csv(
        pa.BufferReader(content),
        read_options=arrow_csv.ReadOptions(column_names=names, skip_rows=1),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, quoted_strings_can_be_null=False
        ),
    )
