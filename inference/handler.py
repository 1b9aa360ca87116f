"""Answers requests to a model: the one handler behind our server, the image's script-mode hooks and batch transform."""

from __future__ import annotations

from collections.abc import Generator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from inference.accept import Wanted, wanted
from inference.blocks import BlockTransform
from inference.explanations import Explainer
from inference.features import Features
from inference.formats.table import RequestError, Table
from inference.media_types import CSV
from inference.one_row import MOST_BYTES, OneRow
from inference.outputs import Writer
from inference.predict import Model
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


class Handler:
    """Answers requests to one model."""

    def __init__(self, folder: Path, features: Features, model: Model, transform: RowTransform) -> None:
        self._features = features
        self._model = model
        self._names = frozenset([*features.names, features.target])
        self._blocks = BlockTransform(transform)
        self._one_row = OneRow(transform, model)
        self._explainer = Explainer(folder, features, model)
        self._form = lru_cache(maxsize=256)(self._new_form)
        self._writer = lru_cache(maxsize=64)(self._new_writer)

    def answer(self, request: Request) -> Reply:
        """Answer a request whole; raises RequestError, never answers a part of it."""
        body, content_type, accept, attributes = request
        writer, may_be_one_row = self._form(content_type, accept, attributes)
        if may_be_one_row and len(body) <= MOST_BYTES:
            found = self._one_row.answer(body, writer)
            if found is not None:
                return Reply(found, writer.wanted.type)
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
        writer, _ = self._form(content_type, accept, attributes)
        table = read_table(body, content_type, self._names)
        parts: list[Any] = []
        size = writer.wanted.rows_at_once
        while rows := list(islice(table.rows, size)):
            parts.append(self._part(rows, table, writer, size * len(parts) + 1))
            yield
        if not parts:
            raise RequestError("the body holds no rows.")
        return Reply(writer.whole(parts), writer.wanted.type)

    def _part(self, rows: list[Any], table: Table, writer: Writer, first: int) -> Any:
        matrix = self._blocks.matrix(rows, table.names, first)
        scores = self._model.scores(matrix)
        if writer.wanted.explained:
            return writer.part(scores, self._explainer.explain(matrix, scores))
        return writer.part(scores)

    def _new_form(self, content_type: str, accept: str, attributes: str) -> tuple[Writer, bool]:
        """What answers requests with these headers, and whether one row as CSV may be all there is to them."""
        kind, header = format_of(content_type)
        writer = self._writer(wanted(accept, attributes, content_type, self._features.kind))
        return writer, kind == CSV and not header and not writer.wanted.explained

    def _new_writer(self, form: Wanted) -> Writer:
        return Writer(self._features, form, self._explainer.columns)
