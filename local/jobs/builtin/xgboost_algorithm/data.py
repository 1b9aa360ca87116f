"""Reads a channel as the image does: XGBoost's own parsers for text, pyarrow for Parquet; the label comes first."""

from __future__ import annotations

import csv
import os
import tempfile
import warnings
from pathlib import Path
from typing import Any

from local.jobs.builtin.xgboost_algorithm.channels import CSV, LIBSVM
from local.jobs.builtin.xgboost_algorithm.errors import UserError

# The image looks no deeper into a channel's folders either.
_DEPTH = 3
_SNIPPET = 50


def read(folder: Path, kind: str, *, weights: bool) -> Any:
    """Return the channel's rows as a DMatrix; with `weights`, the second column of CSV holds the rows' weights.

    Raises:
        UserError: there are no rows, or they are not in the format that the channel's content type names.
    """
    files = _files(folder)
    if not any(path.stat().st_size for path in files):
        message = f"No data in channel path {folder}"
        raise UserError(message)
    try:
        matrix = _text(files, kind, weights=weights) if kind in (CSV, LIBSVM) else _parquet(files)
    except UserError:
        raise
    except Exception as error:
        message = f"Failed to load {kind} data with exception:\n{error}"
        raise UserError(message) from error
    if matrix.get_label().size == 0:
        message = "Got input data without labels. Please check the input data set."
        raise UserError(message)
    return matrix


def has_rows(folder: Path) -> bool:
    """Say whether anything is in a channel's folder."""
    return any(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _files(folder: Path) -> list[Path]:
    """Return the channel's files, in the order of their paths."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    hidden = next((path for path in found if path.name.startswith(".")), None)
    if hidden is not None:
        message = f"Hidden file found in the data path! Remove that before training: {hidden.relative_to(folder)}"
        raise UserError(message)
    found = [path for path in found if not path.name.startswith("_")]
    shallow = [path for path in found if len(path.relative_to(folder).parts) <= _DEPTH]
    if len(shallow) < len(found):
        print(f"The depth of folder {folder} exceed the limit {_DEPTH}. Files in deeper sub dirs won't be loaded.")
    return shallow


def _text(files: list[Path], kind: str, *, weights: bool) -> Any:
    from local.jobs.builtin.xgboost_algorithm.library import xgboost  # noqa: PLC0415 - declarations are read without

    for path in files:
        _check(path, kind)
    options = "format=libsvm"
    if kind == CSV:
        delimiter = _delimiter(_first_line(files[0]))
        options = f"format=csv&label_column=0&delimiter={delimiter}{'&weight_column=1' if weights else ''}"
    before = Path.cwd()
    # Under short names: XGBoost reads ; ? and # in paths as its own.
    with tempfile.TemporaryDirectory() as place:
        for number, path in enumerate(files):
            (Path(place) / str(number)).symlink_to(path.absolute())
        try:
            os.chdir(place)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of text input: it is what the image reads
                return xgboost.DMatrix(f"{';'.join(str(number) for number in range(len(files)))}?{options}")
        finally:
            os.chdir(before)


def _parquet(files: list[Path]) -> Any:
    import numpy as np  # noqa: PLC0415 - see above
    from pyarrow import parquet  # noqa: PLC0415 - see above

    from local.jobs.builtin.xgboost_algorithm.library import xgboost  # noqa: PLC0415 - see above

    rows = np.concatenate([parquet.read_table(path).to_pandas().to_numpy() for path in files])
    return xgboost.DMatrix(rows[:, 1:].astype("float32"), label=rows[:, 0].astype("float32"))


def _check(path: Path, kind: str) -> None:
    """Refuse a file whose first line is in another format; say so where it looks like a header."""
    line = _first_line(path)
    if kind == LIBSVM:
        if not _is_libsvm(line):
            shown = f"First line '{line[:_SNIPPET]}...' of file '{path.name}' is not 'LIBSVM' format."
            message = f"{shown} Please ensure the file is in 'LIBSVM' format, or name its ContentType (text/csv)."
            raise UserError(message)
        return
    cells = [cell.strip().strip('"') for cell in line.strip().split(_delimiter(line))]
    if cells and not any(_is_number(cell) for cell in cells):
        print(f"The first line of {path.name} looks like a header; the algorithm reads it as a row: leave it out.")


def _is_libsvm(line: str) -> bool:
    label, *features = line.split()[:2] or [""]
    parts = label.split(":")
    return len(parts) <= 2 and all(_is_number(part) for part in parts) and all(":" in each for each in features)


def _delimiter(line: str) -> str:
    try:
        return csv.Sniffer().sniff(line).delimiter
    except csv.Error as error:
        message = f"Could not determine delimiter on line {line[:_SNIPPET]}:\n{error}"
        raise UserError(message) from error


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8", errors="ignore") as file:
        return file.readline()


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return text == ""
    return True
