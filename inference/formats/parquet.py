"""Apache Parquet: columns by their names. pyarrow is loaded with the first body of this kind."""

from __future__ import annotations

import re

from inference.formats.table import RequestError, Table, checked_names
from inference.lean import without

_MOST_CELLS = 5_000_000
_MOST_BYTES = 512 << 20
# pandas writes a frame's index beside its columns.
_INDEX = re.compile(r"__index_level_\d+__")


def read(body: bytes) -> Table:
    """The rows of a body; raises RequestError also where few bytes would unpack to very many."""
    try:
        with without("pandas"):
            import pyarrow as pa  # noqa: PLC0415
            from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        raise RequestError("Parquet is not served here, pyarrow is not installed; send CSV or JSON.", 415) from error
    try:
        file = parquet.ParquetFile(pa.BufferReader(body))
        _check_size(file.metadata)
        names = [name for name in file.schema_arrow.names if not _INDEX.fullmatch(name)]
        checked_names(names)
        table = file.read(columns=names, use_threads=False)
        columns = [table.column(name).to_pylist() for name in names]
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        raise RequestError("the body is not a Parquet file that can be read.") from error
    return Table(zip(*columns, strict=True), tuple(names))


def _check_size(metadata: object) -> None:
    cells = metadata.num_rows * metadata.num_columns  # type: ignore[attr-defined]  # pyarrow has no types
    groups = [metadata.row_group(place).total_byte_size for place in range(metadata.num_row_groups)]  # type: ignore[attr-defined]
    if cells > _MOST_CELLS or sum(groups) > _MOST_BYTES:
        raise RequestError(f"the body unpacks to {cells} cells, more than one request may hold; send fewer rows.", 413)
