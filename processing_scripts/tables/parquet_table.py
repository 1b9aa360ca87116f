"""Tables written as Parquet."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from processing_scripts.tables.errors import TableError
from processing_scripts.tables.table import Format, Table, listed


class ParquetTable(Table):
    """Rows of Parquet files with the same columns, brought to a few plain types."""

    format: Format = "parquet"

    def __init__(self, path: Path, files: Sequence[Path]) -> None:
        schemas = [_schema(file) for file in files]
        for file, schema in zip(files[1:], schemas[1:], strict=True):
            if set(schema.names) != set(schemas[0].names):
                odd = sorted(set(schema.names) ^ set(schemas[0].names))
                raise TableError(
                    f"{file} has other columns than {files[0].name} beside it ({listed(odd)} in only one of them); "
                    f"every file of a folder needs the same columns."
                )
        super().__init__(path, files, schemas[0].names)
        if not self.columns:
            raise TableError(f"{path} has no columns.")
        self._types = {name: _common([schema.field(name).type for schema in schemas]) for name in self.columns}
        if sum(parquet.read_metadata(file).num_rows for file in files) == 0:
            raise TableError(f"{path} has columns ({listed(self.columns)}) and no rows.")

    def _read(self, columns: list[str], batch_rows: int) -> Iterator[pa.RecordBatch]:
        for file in self.files:
            try:
                with parquet.ParquetFile(file) as opened:
                    for batch in opened.iter_batches(batch_size=batch_rows, columns=columns):
                        yield self._plain(file, batch.select(columns))
            except (pa.ArrowException, OSError) as error:
                raise TableError(_damaged(file, error)) from error

    def _plain(self, file: Path, batch: pa.RecordBatch) -> pa.RecordBatch:
        arrays = []
        for name, array in zip(batch.schema.names, batch.columns, strict=True):
            try:
                arrays.append(_cast(array, self._types[name]))
            except pa.ArrowInvalid as error:
                raise TableError(
                    f"{file}: the column {name!r} cannot be read as {self._types[name]}: {str(error).splitlines()[0]}."
                ) from error
        return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def _schema(file: Path) -> pa.Schema:
    try:
        return parquet.read_schema(file)
    except (pa.ArrowException, OSError) as error:
        raise TableError(_damaged(file, error)) from error


def _damaged(file: Path, error: Exception) -> str:
    return f"{file} is damaged or not Parquet: {str(error).splitlines()[0].rstrip('.')}; write it again."


def _common(types: Sequence[Any]) -> Any:
    """Return the plain type that holds what every file has in a column; text where nothing else does."""
    plain = [_plain_type(each) for each in types]
    try:
        fields = [pa.schema([("cell", each)]) for each in plain]
        return pa.unify_schemas(fields, promote_options="permissive").field(0).type
    except pa.ArrowException:
        return pa.string()


def _plain_type(kind: Any) -> Any:
    """Return the type that a cell of this type is given."""
    if pa.types.is_dictionary(kind):
        return _plain_type(kind.value_type)
    if pa.types.is_float16(kind):
        return pa.float32()
    if pa.types.is_decimal(kind):
        return pa.float64()
    kept = (pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating, pa.types.is_temporal, pa.types.is_null)
    if any(fits(kind) for fits in kept) and not pa.types.is_interval(kind):
        return kind
    return pa.string()


def _cast(array: pa.Array, kind: Any) -> pa.Array:
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_nested(array.type) or pa.types.is_interval(array.type):
        return pa.array([None if cell is None else _json(cell) for cell in array.to_pylist()], pa.string())
    return array.cast(kind)


def _json(cell: Any) -> str:
    return json.dumps(cell, ensure_ascii=False, separators=(",", ":"), default=str)
