"""What a host leaves of each of its files: the cells as they were read, and what every column holds.

Medians and the split need all rows in one place. What is left is typed and small to read, so that the host that puts
the parts together need not read any table's text again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from inference.cells import missing_tokens
from inference.job import JobError
from processing_scripts.columns import ColumnSummary, Summary
from processing_scripts.preparing.contract import Inspection
from processing_scripts.preparing.options import Options
from processing_scripts.preparing.source import Source
from processing_scripts.preparing.writing import Outputs

FORMAT_VERSION = 2
_COMPRESSION = "zstd"


def write_extract(source: Source, file: str, options: Options, outputs: Outputs) -> int:
    """Write the parts of one file's table, `file` being its path below the input; returns the number of rows."""
    tokens = missing_tokens(options.missing)
    summaries = {name: ColumnSummary(name, tokens) for name in source.columns if name != options.target}
    stem = f"parts/{quote(file, safe='')}"
    writer: Any = None
    rows = 0
    with pa.OSFile(str(outputs.path(f"{stem}.arrow")), "wb") as sink:
        for start, batch in source.batches():
            for name, summary in summaries.items():
                summary.update(batch.column(name))
            writer = writer or _writer(sink, batch.schema)
            writer.write_batch(batch)
            rows = start + batch.num_rows
        writer = writer or _writer(sink, pa.schema([(name, pa.null()) for name in source.columns]))
        writer.close()
    inspected = source.inspection.to_json() if source.inspection is not None else None
    content = {
        "inspection": inspected,
        "format_version": FORMAT_VERSION,
        "file": file,
        "rows": rows,
        "columns": source.columns,
        "renamed": list(source.renamed),
        "known_after_labelling": list(source.known_after_labelling),
        "summaries": {name: summary.to_json() for name, summary in summaries.items()},
    }
    outputs.write_json(f"{stem}.json", content)
    return rows


@dataclass(frozen=True)
class Extract:
    """The parts of one file."""

    file: str
    rows: int
    columns: list[str]
    renamed: list[str]
    known_after_labelling: list[str]
    summaries: Mapping[str, Mapping[str, Any]]
    inspection: Mapping[str, Any] | None
    cells: Path


class Extracts:
    """The parts of all files, in the order in which one host would have read the files."""

    def __init__(self, folder: Path, options: Options) -> None:
        found = [_read(path) for path in folder.rglob("*.json")]
        if not found:
            raise JobError("no host has found a file of the table; put the table's files where InputDataUri says.")
        self.parts = sorted(found, key=lambda part: Path(part.file))
        self.columns = self.parts[0].columns
        self._target = options.target
        for part in self.parts[1:]:
            strange = sorted(set(part.columns) ^ set(self.columns))
            if strange:
                raise JobError(
                    f"{part.file} has other columns than {self.parts[0].file} ({', '.join(strange[:5])}); every file "
                    "of a table that is prepared in shards needs the same columns."
                )

        self.inspection = self._inspection(options)
        self.renamed = self.parts[0].renamed

    def _inspection(self, options: Options) -> Inspection | None:
        """What the hosts found of rows that break the contract, numbered as rows of the whole table."""
        settings = options.settings
        given = [part.inspection for part in self.parts if part.inspection is not None]
        if not given:
            return None
        whole = Inspection(settings.contract, self.columns, missing_tokens(options.missing), settings.personal)
        for each in given:
            whole.merge(each)
        return whole

    @property
    def known_after_labelling(self) -> Sequence[str]:
        """Columns that only labelled rows have."""
        return list(dict.fromkeys(name for part in self.parts for name in part.known_after_labelling))

    def batches(self) -> Iterator[tuple[int, Any]]:
        """Every batch with the number of its first row in the whole table."""
        start = 0
        for part in self.parts:
            with pa.memory_map(str(part.cells)) as source:
                reader = pa.ipc.open_file(source)
                for place in range(reader.num_record_batches):
                    batch = reader.get_batch(place).select(self.columns)
                    yield start, batch
                    start += batch.num_rows

    def survey(self, missing: Sequence[str]) -> tuple[dict[str, Summary], list[pa.Array]]:
        """What every column holds over all files, and the target's cells."""
        tokens = missing_tokens(missing)
        whole = {name: ColumnSummary(name, tokens) for name in self.columns if name != self._target}
        for part in self.parts:
            for name, summary in whole.items():
                summary.merge(ColumnSummary.from_json(name, tokens, part.summaries[name]))
        cells = [batch.column(self._target) for _, batch in self.batches()]
        kinds = sorted({str(array.type) for array in cells})
        if len(kinds) > 1:
            raise JobError(
                f"the target column {self._target} is of the type {kinds[0]} in one file and {kinds[1]} in another; "
                "write all files alike."
            )
        return {name: summary.finish() for name, summary in whole.items()}, cells


def _read(path: Path) -> Extract:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format_version"] != FORMAT_VERSION:
            raise ValueError(f"it has format version {raw['format_version']}")
        return Extract(
            file=raw["file"],
            rows=raw["rows"],
            columns=raw["columns"],
            renamed=raw["renamed"],
            known_after_labelling=raw["known_after_labelling"],
            summaries=raw["summaries"],
            inspection=raw["inspection"],
            cells=path.with_suffix(".arrow"),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise JobError(f"{path.name} is no part that fit_shard has left ({error}); run it again.") from error


def _writer(sink: Any, schema: pa.Schema) -> Any:
    return pa.ipc.new_file(sink, schema, options=pa.ipc.IpcWriteOptions(compression=_COMPRESSION))
