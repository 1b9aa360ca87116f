"""CSV and libsvm as the matrices that XGBoost predicts on. Source: aws/sagemaker-xgboost-container (`encoder.py`)."""

from __future__ import annotations

import csv
from typing import Any

import numpy as np

from local.hosting.worker.answers import CSV, UnsupportedFormatError, media_type
from local.hosting.worker.encoding import LIBSVM

_SNIFFED = 512


def csv_to_dmatrix(body: str | bytes, dtype: Any = None) -> Any:
    """Return CSV without a header as a DMatrix; empty cells are missing values."""
    import xgboost  # noqa: PLC0415 - only models of XGBoost load it

    return xgboost.DMatrix(csv_rows(_text(body)).astype(dtype or np.float32))


def libsvm_to_dmatrix(body: str | bytes) -> Any:
    """Return libsvm text (`[label] index:value …`, indices as they stand) as a DMatrix."""
    import xgboost  # noqa: PLC0415

    return xgboost.DMatrix(libsvm_rows(_text(body)))


def decode(body: str | bytes, content_type: str) -> Any:
    """Return a body as a DMatrix."""
    kind = media_type(content_type)
    if kind == CSV:
        return csv_to_dmatrix(body)
    if kind in LIBSVM:
        return libsvm_to_dmatrix(body)
    raise UnsupportedFormatError(content_type)


def csv_rows(text: str) -> Any:
    """Return the cells as numbers, (rows, columns); ValueError where rows differ in width or a cell is no number."""
    lines = text.strip("\r\n").splitlines()
    delimiter = _delimiter(lines[0]) if lines else ","
    rows = [[cell.strip() or "nan" for cell in line.split(delimiter)] for line in lines]
    if len({len(row) for row in rows}) > 1:
        message = "the rows have different numbers of cells"
        raise ValueError(message)
    return np.array(rows, dtype=np.float32) if rows else np.empty((0, 0), dtype=np.float32)


def libsvm_rows(text: str) -> Any:
    """Return the entries as a sparse matrix; ValueError where one is not `index:value`."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - takes longer to load than the rest of the worker

    lines = [line for line in text.splitlines() if line.strip()]
    rows, columns, values = libsvm_entries("\n".join(lines))
    width = max(columns, default=-1) + 1
    return csr_matrix((values, (rows, columns)), shape=(len(lines), width), dtype=np.float32)


def libsvm_entries(text: str) -> tuple[list[int], list[int], list[float]]:
    """Return the row, the column and the value of each entry; ValueError where one is not `index:value`."""
    rows, columns, values = [], [], []
    for number, line in enumerate(text.splitlines()):
        for entry in line.split("#")[0].split():
            index, colon, value = entry.partition(":")
            if colon and index != "qid":
                rows.append(number)
                columns.append(int(index))
                values.append(float(value))
    return rows, columns, values


def _delimiter(line: str) -> str:
    try:
        found = csv.Sniffer().sniff(line[:_SNIFFED]).delimiter
    except csv.Error:
        return ","
    return "," if found.isalnum() or found in ".-+" else found


def _text(body: str | bytes) -> str:
    return body.decode("utf-8-sig") if isinstance(body, bytes) else body
