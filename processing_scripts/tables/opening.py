"""Opens a table: finds its files and says how they are written, by what they hold rather than by their names."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

from processing_scripts.tables.csv_table import CsvTable
from processing_scripts.tables.errors import TableError
from processing_scripts.tables.jsonl_table import JsonLinesTable, read_lines
from processing_scripts.tables.manifest_table import ManifestTable, is_manifest
from processing_scripts.tables.parquet_table import ParquetTable
from processing_scripts.tables.streams import BOM, GZIP, open_bytes
from processing_scripts.tables.table import Format, Table

HEAD_BYTES = 4_096
FOREIGN = {
    b"PK\x03\x04": "a zip archive or an Excel workbook; save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; save the sheet as CSV",
    b"BZh": "packed with bzip2; unpack it, or pack it with gzip",
    b"\xfd7zXZ": "packed with xz; unpack it, or pack it with gzip",
    b"\x28\xb5\x2f\xfd": "packed with zstd; unpack it, or pack it with gzip",
    b"Obj\x01": "Avro; write it as Parquet",
    b"ORC": "ORC; write it as Parquet",
    b"ARROW1": "an Arrow file; write it as Parquet",
    b"SQLite format 3": "an SQLite database; export the table as CSV",
    b"\x89HDF": "HDF5; write it as Parquet",
    b"%PDF": "a PDF document; export the table as CSV",
    b"\xff\xfe": "UTF-16; convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW",
    b"\xfe\xff": "UTF-16; convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW",
}
JSON_NAMES = (".jsonl", ".ndjson", ".json", ".manifest")
PARQUET_NAMES = (".parquet", ".pq")


def open_table(path: str | Path, header: bool | None = None, delimiter: str | None = None) -> Table:
    """Open a table for reading.

    Args:
        path: A file, or a folder whose files (in the order of their paths; hidden, underscored and empty ones left
            out) hold the rows of one table in one format: CSV, Parquet, JSON Lines, or a Ground Truth output manifest.
            The text formats may be packed with gzip.
        header: Whether CSV files start with names; found out when None.
        delimiter: What separates the cells of CSV files; found out when None.

    Raises:
        TableError: There is nothing to read, or it cannot be read as a table; the text is one sentence.
    """
    path = Path(path)
    files = _files(path)
    formats = {file: _format(file) for file in files}
    found = formats[files[0]]
    for file, other in formats.items():
        if other != found:
            raise TableError(f"{path} mixes formats: {files[0].name} is {found} and {file.name} is {other}; keep one.")
    if found == "parquet":
        return ParquetTable(path, files)
    if found == "csv":
        return CsvTable(path, files, header, delimiter)
    if found == "manifest":
        return ManifestTable(path, files)
    return JsonLinesTable(path, files)


def table_files(folder: Path) -> list[Path]:
    """Return the files of a table in a folder, in the order in which their rows come; none where there are none."""
    return sorted(_files_below(folder))


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        files = sorted(_files_below(path))
        if not files:
            raise TableError(f"{path} is a folder without a file that holds anything; put the table's files there.")
        for file in files:
            if any("=" in part for part in file.relative_to(path).parts[:-1]):
                raise TableError(
                    f"{path} is partitioned by folder ({file.relative_to(path).parent}), and a column in a folder's "
                    f"name is not read; write the table with that column inside its files."
                )
        return files
    if not path.exists():
        raise TableError(f"{path} does not exist; check the path of the data.")
    if not path.is_file():
        raise TableError(f"{path} is neither a file nor a folder.")
    if path.stat().st_size == 0:
        raise TableError(f"{path} is empty; it needs a row of column names and rows of data.")
    return [path]


def _files_below(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if not any(part.startswith((".", "_")) for part in parts) and path.is_file() and path.stat().st_size:
            yield path


def _format(file: Path) -> Format:
    with open_bytes(file) as stream:
        try:
            head = stream.read(HEAD_BYTES)
        except (OSError, EOFError, zlib.error) as error:
            raise TableError(f"{file} cannot be read, it is damaged: {error}.") from error
    _refuse_foreign(file, head)
    name = file.name.lower()
    if head.startswith(b"PAR1") or name.endswith(PARQUET_NAMES):
        return "parquet"
    start = head.removeprefix(BOM).lstrip()
    if name.removesuffix(".gz").endswith(JSON_NAMES) or start.startswith((b'{"', b"{ ", b"{}", b"{\n", b"{\r")):
        if start.startswith(b"["):
            raise TableError(
                f"{file} is one JSON array; write one object a line instead (jq -c '.[]' FILE > NEW.jsonl)."
            )
        return _json_format(file)
    return "csv"


def _refuse_foreign(file: Path, head: bytes) -> None:
    for magic, what in FOREIGN.items():
        if head.startswith(magic):
            raise TableError(f"{file} is {what}.")
    if head.startswith(GZIP):
        raise TableError(f"{file} is packed with gzip twice; unpack it once.")


def _json_format(file: Path) -> Format:
    first = next(read_lines(file), None)
    return "manifest" if first is not None and is_manifest(first.value) else "jsonl"
