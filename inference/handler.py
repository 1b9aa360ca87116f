"""Answers requests to a model: the one handler behind our server, the image's script-mode hooks and batch transform."""

from __future__ import annotations

from collections.abc import Generator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inference.accept import Wanted, wanted
from inference.blocks import BlockTransform
from inference.explanations import Explainer
from inference.features import Features
from inference.formats.table import RequestError, Table
from inference.media_types import CSV
from inference.one_row import MOST_BYTES, OneRow
from inference.outputs import Writer
from inference.predict import Model
from inference.reader.blocks import NotPlainError, PlainBlocks
from inference.reader.reading import Answering, reader_of
from inference.requests import format_of, read_table
from inference.rows import RowTransform


class Request(NamedTuple):
    """The parts of POST /invocations; `attributes` are InvokeEndpoint's CustomAttributes."""

    body: str | bytes
    content_type: str
    accept: str = ""
    attributes: str = ""


class Reply(NamedTuple):
    """The body of an answer and its media type."""

    body: str | bytes
    type: str


class _Form(NamedTuple):
    """How requests with some headers are answered."""

    writer: Writer
    kind: str
    header: bool | None
    may_be_one_row: bool
    answering: Answering | None
    """What answers one plain row at once."""


class Handler:
    """Answers requests to one model."""

    def __init__(self, folder: Path, features: Features, model: Model, transform: RowTransform) -> None:
        self._features = features
        self._model = model
        self._names = frozenset([*features.names, features.target])
        self._blocks = BlockTransform(transform)
        self._reader = reader_of(features, model)
        self._plain = PlainBlocks(self._reader, transform) if self._reader else None
        self._one_row = OneRow(transform, model, self._reader)
        self._explainer = Explainer(folder, features, model)
        self._form = lru_cache(maxsize=256)(self._new_form)
        self._writer = lru_cache(maxsize=64)(self._new_writer)

    def at_once(self, body: bytes, content_type: str, accept: str, attributes: str) -> tuple[bytes, str] | None:
        """The body and media type of the answer to one plain row; None where a request is anything else.

        What most requests ask, and that with the least that it takes: each object more is memory that the processor
        has forgotten by the next request. Raises RequestError as `answer` does.
        """
        form = self._form(content_type, accept, attributes)
        if form.answering is None or len(body) > MOST_BYTES:
            return None
        found = form.answering(body, len(body))
        return None if found is None else (found, form.writer.wanted.type)

    def answer(self, request: Request) -> Reply:
        """Answer a request whole; raises RequestError, never answers a part of it."""
        body, content_type, accept, attributes = request
        form = self._form(content_type, accept, attributes)
        if form.may_be_one_row and len(body) <= MOST_BYTES:
            found = self._one_row.answer(_raw(body), form.writer)
            if found is not None:
                return Reply(found, form.writer.wanted.type)
        steps = self.steps(request)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                reply: Reply = end.value
                return reply

    def steps(self, request: Request) -> Generator[None, None, Reply]:
        """Answer a request in steps of some milliseconds, so that others get their turn between them."""
        body, content_type, accept, attributes = request
        form = self._form(content_type, accept, attributes)
        parts = (yield from self._plain_parts(_raw(body), form)) if form.kind == CSV and self._plain else None
        if parts is None:
            parts = yield from self._parts(read_table(body, content_type, self._names), form.writer)
        if not parts:
            raise RequestError("the body holds no rows.")
        return Reply(form.writer.whole(parts), form.writer.wanted.type)

    def _plain_parts(self, body: bytes, form: _Form) -> Generator[None, None, list[Any] | None]:
        """The parts of the answer, by the compiled reader; None where the body is not for it."""
        parts: list[Any] = []
        writer = form.writer
        assert self._plain is not None  # noqa: S101
        try:
            for matrix in self._plain.matrices(body, form.header, writer.wanted.rows_at_once):
                parts.append(self._told(matrix, writer))
                yield
        except NotPlainError:
            return None
        return parts

    def _parts(self, table: Table, writer: Writer) -> Generator[None, None, list[Any]]:
        parts: list[Any] = []
        size = writer.wanted.rows_at_once
        while rows := list(islice(table.rows, size)):
            matrix = self._blocks.matrix(rows, table.names, size * len(parts) + 1)
            parts.append(self._told(matrix, writer))
            yield
        return parts

    def _told(self, matrix: NDArray[np.float32], writer: Writer) -> Any:
        scores = self._model.scores(matrix)
        if writer.wanted.explained:
            return writer.part(scores, self._explainer.explain(matrix, scores))
        return writer.part(scores)

    def _new_form(self, content_type: str, accept: str, attributes: str) -> _Form:
        kind, header = format_of(content_type)
        writer = self._writer(wanted(accept, attributes, content_type, self._features.kind))
        may_be_one_row = kind == CSV and not header and not writer.wanted.explained
        answering = None
        if self._reader and may_be_one_row:
            answering = self._reader.answering(writer.pieces, writer.labels, self._features.threshold)
        return _Form(writer, kind, header, may_be_one_row, answering)

    def _new_writer(self, form: Wanted) -> Writer:
        return Writer(self._features, form, self._explainer.columns)


def _raw(body: str | bytes) -> bytes:
    return body.encode(errors="surrogatepass") if isinstance(body, str) else body
