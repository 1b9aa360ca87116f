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
from inference.outputs import Writer
from inference.predict import Model
from inference.requests import read_table
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
        self._explainer = Explainer(folder, features, model)
        self._writer = lru_cache(maxsize=64)(self._new_writer)

    def answer(self, request: Request) -> Reply:
        """Answer a request whole; raises RequestError, never answers a part of it."""
        parts: list[Any] = []
        writer, table = self._begin(request)
        size = writer.wanted.rows_at_once
        while rows := list(islice(table.rows, size)):
            parts.append(self._part(rows, table, writer, size * len(parts) + 1))
            if len(rows) < size:
                break
        return _whole(parts, writer)

    def steps(self, request: Request) -> Generator[None, None, Reply]:
        """Answer a request in steps of some milliseconds, so that others get their turn between them."""
        parts: list[Any] = []
        writer, table = self._begin(request)
        size = writer.wanted.rows_at_once
        while rows := list(islice(table.rows, size)):
            parts.append(self._part(rows, table, writer, size * len(parts) + 1))
            yield
        return _whole(parts, writer)

    def _begin(self, request: Request) -> tuple[Writer, Table]:
        body, content_type, accept, attributes = request
        writer = self._writer(wanted(accept, attributes, content_type, self._features.kind))
        return writer, read_table(body, content_type, self._names)

    def _part(self, rows: list[Any], table: Table, writer: Writer, first: int) -> Any:
        matrix = self._blocks.matrix(rows, table.names, first)
        scores = self._model.scores(matrix)
        if writer.wanted.explained:
            return writer.part(scores, self._explainer.explain(matrix, scores))
        return writer.part(scores)

    def _new_writer(self, form: Wanted) -> Writer:
        return Writer(self._features, form, self._explainer.columns)


def _whole(parts: list[Any], writer: Writer) -> Reply:
    if not parts:
        raise RequestError("the body holds no rows.")
    return Reply(writer.whole(parts), writer.wanted.type)
