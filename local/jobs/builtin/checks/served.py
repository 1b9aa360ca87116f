"""The model of an analysis, hosted for as long as it takes: what Clarify's shadow endpoint is in the service."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.hosting.asking import ModelFailureError
from local.hosting.connection import Request
from local.hosting.containers import Container, containers
from local.hosting.errors import HostingError
from local.hosting.invoking import InvalidInvocationError, invoke
from local.hosting.pool import Pool
from local.jobs.builtin.checks.table import CheckError
from local.store.objects import ObjectError, split_uri
from local.store.store import Store

_SECONDS = 600.0


class Served:
    """A model by its name, or an endpoint that serves already; nothing starts before it is asked."""

    def __init__(self, store: Store, predictor: Mapping[str, Any], log: Path) -> None:
        self._store = store
        self._model = str(predictor.get("model_name") or "")
        self._endpoint = str(predictor.get("endpoint_name") or "")
        self._log = log
        self._pool: Pool | None = None
        self._chain: tuple[Container, ...] = ()

    def ask(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str]:
        """Return the model's answer and its content type.

        Raises:
            CheckError: the model is not there, cannot be served, or answered with an error.
        """
        try:
            if self._endpoint:
                request = {"Body": body, "ContentType": content_type, "Accept": accept}
                answer = invoke(self._store, self._endpoint, request)
                return answer.body, answer.content_type
            return self._ask_model(body, content_type, accept)
        except (HostingError, InvalidInvocationError, ModelFailureError) as error:
            raise CheckError(str(error)) from error

    def fetch(self, uri: str) -> bytes:
        """Return an object of S3."""
        try:
            with self._store.objects.open(*split_uri(uri)) as handle:
                return handle.read()
        except ObjectError as error:
            raise CheckError(str(error)) from error

    def stop(self) -> None:
        """End the workers."""
        if self._pool is not None:
            self._pool.stop()

    def _ask_model(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str]:
        if not self._model:
            message = "The analysis asks a model, and names none: give model_name or endpoint_name in its predictor."
            raise CheckError(message)
        if self._pool is None:
            self._chain = containers(self._store, self._model)
            self._pool = Pool(self._store)
        _, reply = self._pool.invoke(self._chain, Request(body, content_type, accept), self._log, _SECONDS)
        if reply.status >= 400:
            told = reply.body[:500].decode(errors="replace").strip()
            message = f"The model {self._model} answered {reply.status}: {told}"
            raise CheckError(message)
        return reply.body, reply.content_type
