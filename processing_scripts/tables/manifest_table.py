"""Tables labelled with SageMaker Ground Truth: its output manifest.

A line of a manifest is an object with the item under ``source`` (text) or ``source-ref`` (the address of a file), the
label under an attribute of the job's own name, and what is known about the label under that name + ``-metadata``:
https://docs.aws.amazon.com/sagemaker/latest/dg/sms-data-output.html. It becomes these columns:

* ``source``: where every source is a JSON object, its keys are the columns; where every source is one CSV row with the
  same number of cells (at least two), the columns are ``source_1``, ``source_2``, …; otherwise it stays one column.
* ``source-ref`` as it stands: the file behind an address is not read.
* the label under its attribute's name: the class name where the metadata has one, the label itself otherwise; null
  where labelling failed.
* the attribute's name + ``-confidence`` where the metadata has one number for it.
* any further key of the line, as in other JSON Lines.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from processing_scripts.tables.jsonl_table import JsonLinesTable, Line, Row, flat, parse, read_lines
from processing_scripts.tables.table import Format

METADATA = "-metadata"
CONFIDENCE = "-confidence"
Source = Literal["json", "csv", "text"]


class ManifestTable(JsonLinesTable):
    """Rows of a Ground Truth output manifest, one labelled item each."""

    format: Format = "manifest"

    def __init__(self, path: Path, files: Sequence[Path]) -> None:
        self._source = _how_sources_are_written(files)
        super().__init__(path, files)
        labels = {column.removesuffix(CONFIDENCE) for column in self.columns if column.endswith(CONFIDENCE)}
        self.known_after_labelling = tuple(f"{label}{CONFIDENCE}" for label in self.columns if label in labels)

    def _row(self, line: Line) -> Row:
        cells: dict[str, Any] = {}
        for key, value in line.value.items():
            if key == "source" and isinstance(value, str):
                cells.update(_unpack(value, self._source))
            elif not _is_metadata(key, value):
                cells.update(_label(key, value, line.value))
            elif key.removesuffix(METADATA) not in line.value:
                cells[key.removesuffix(METADATA)] = None
        return flat(Line(line.path, line.number, cells))


def is_manifest(first: Mapping[str, Any]) -> bool:
    """Say whether the first object of a file reads like a line of an output manifest."""
    has_item = "source" in first or "source-ref" in first
    return has_item and any(_is_metadata(key, value) for key, value in first.items())


def _is_metadata(key: str, value: Any) -> bool:
    if not key.endswith(METADATA) or not isinstance(value, dict):
        return False
    return "job-name" in value or str(value.get("type", "")).startswith("groundtruth/")


def _label(key: str, value: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    metadata = row.get(key + METADATA)
    if not isinstance(metadata, dict) or not _is_metadata(key + METADATA, metadata):
        return {key: value}
    failed = "failure-reason" in metadata
    cells = {key: None if failed else metadata.get("class-name", value)}
    if isinstance(metadata.get("confidence"), str):  # numbers are read as text
        cells[key + CONFIDENCE] = metadata["confidence"]
    return cells


def _unpack(source: str, written: Source) -> dict[str, Any]:
    if written == "json":
        value = _json_object(source)
        return value if value is not None else {}
    if written == "csv":
        return {f"source_{at}": cell for at, cell in enumerate(_csv_row(source) or [], 1)}
    return {"source": source}


def _how_sources_are_written(files: Sequence[Path]) -> Source:
    """Look at every source: one that does not fit makes all of them plain text."""
    objects = True
    widths: set[int] = set()
    for file in files:
        for line in read_lines(file):
            source = line.value.get("source")
            if not isinstance(source, str):
                continue
            objects = objects and _json_object(source) is not None
            if not objects:
                widths.add(len(_csv_row(source) or []))
            if not objects and (len(widths) > 1 or min(widths) < 2):
                return "text"
    if widths:
        return "csv"
    return "json" if objects else "text"


def _json_object(text: str) -> dict[str, Any] | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        value = parse(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _csv_row(text: str) -> list[str] | None:
    try:
        rows = list(csv.reader(text.splitlines(), strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None
