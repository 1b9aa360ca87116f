"""Text columns of few different texts as codes: each text is looked at once a batch rather than once a row."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from inference.cells import is_missing, parse_number

_TRIED = 1_024
"""Cells by which a column is judged at first."""
_FEW_DIFFERENT = 0.5
"""The share of different texts among cells up to which a column is encoded."""


class Encoder:
    """Encodes columns of batches as Arrow dictionaries, those that gain by it; numbers written as text do not.

    Args:
        tokens: Texts that mean a missing cell.
        left_alone: A column that stays as it is.
    """

    def __init__(self, tokens: frozenset[str], left_alone: str) -> None:
        self._tokens = tokens
        self._gains: dict[str, bool] = {left_alone: False}

    def encoded(self, batch: Any) -> Any:
        """The same rows."""
        columns = [self._column(name, array) for name, array in zip(batch.schema.names, batch.columns, strict=True)]
        return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)

    def _column(self, name: str, array: Any) -> Any:
        if not pa.types.is_string(array.type) or not len(array):
            return array
        if name not in self._gains:
            self._judge(name, array.slice(0, _TRIED).dictionary_encode())
        if not self._gains.get(name, False):
            return array
        encoded = array.dictionary_encode()
        if len(encoded.dictionary) <= _FEW_DIFFERENT * len(array):
            return encoded
        self._gains[name] = False
        return array

    def _judge(self, name: str, first: Any) -> None:
        texts = [text for text in first.dictionary.to_pylist() if not is_missing(text, self._tokens)]
        if texts:
            few = len(texts) <= _FEW_DIFFERENT * len(first)
            self._gains[name] = few and all(parse_number(text) is None for text in texts)


def decoded(batch: Any) -> Any:
    """A batch with texts where there are codes."""
    columns = [array.dictionary_decode() if pa.types.is_dictionary(array.type) else array for array in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
