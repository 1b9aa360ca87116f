"""Answers requests to a model: the one handler behind our server, the image's script-mode hooks and batch transform."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

from inference.accept import Wanted, wanted
from inference.blocks import BlockTransform
from inference.explanations import Explainer
from inference.features import Features
from inference.formats.table import RequestError
from inference.outputs import Found, Writer
from inference.predict import Model
from inference.requests import read_table
from inference.rows import RowTransform

BLOCK = 256
"""Rows that are answered at a time: some milliseconds of work."""
EXPLAINED_BLOCK = 16


@dataclass(frozen=True)
class Request:
    """The parts of POST /invocations; `attributes` are InvokeEndpoint's CustomAttributes."""

    body: str | bytes
    content_type: str
    accept: str = ""
    attributes: str = ""


@dataclass(frozen=True)
class Reply:
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
        steps = self.steps(request)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                reply: Reply = end.value
                return reply

    def steps(self, request: Request) -> Generator[None, None, Reply]:
        """Answer a request in steps of some milliseconds, so that others get their turn between them."""
        form = wanted(request.accept, request.attributes, request.content_type, self._features.kind)
        writer = self._writer(form)
        table = read_table(request.body, request.content_type, self._names)
        parts, first, size = [], 1, EXPLAINED_BLOCK if form.explained else BLOCK
        while rows := list(islice(table.rows, size)):
            matrix = self._blocks.matrix(rows, table.names, first)
            scores = self._model.scores(matrix)
            explained = self._explainer.explain(matrix, scores) if form.explained else None
            parts.append(writer.part(Found(scores, explained)))
            first += len(rows)
            if len(rows) == size:
                yield
        if not parts:
            raise RequestError("the body holds no rows.")
        return Reply(writer.whole(parts), form.type)

    def _new_writer(self, form: Wanted) -> Writer:
        return Writer(self._features, form, self._explainer.columns)
