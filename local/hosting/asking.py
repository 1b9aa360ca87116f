"""A request on its way to a variant's containers; what comes of it is counted and captured."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.hosting.connection import Reply, Request
from local.hosting.containers import Container
from local.hosting.errors import HostingError
from local.hosting.exchange import Exchange
from local.hosting.fleets import Fleet
from local.hosting.pool import pool_of
from local.hosting.recording import recorder_of
from local.store.store import Store


class ModelFailureError(Exception):
    """The model answered with an error, or not at all."""

    def __init__(self, status: int, text: str, container: str, log: str) -> None:
        who = "client" if 400 <= status < 500 else "server"
        super().__init__(f'Received {who} error ({status}) from {container} with message "{text}". See {log}.')
        self.status = status
        self.text = text


@dataclass(frozen=True)
class Asked:
    """A request to an endpoint; `request` has the members of InvokeEndpoint, `seconds` is how long it may take."""

    store: Store
    endpoint: str
    request: Mapping[str, Any]
    log: Path
    seconds: float
    moment: float = field(default_factory=time.time)
    started: float = field(default_factory=time.perf_counter)

    def ask(self, fleet: Fleet, variant: Mapping[str, Any], chain: Sequence[Container]) -> Reply:
        """Ask a variant's containers; ModelFailureError where they answer with an error, or not at all."""
        asked = time.perf_counter()
        try:
            container, reply = pool_of(self.store).invoke(chain, self._passed_on, self.log, self.seconds)
        except HostingError as error:
            self._record(fleet, variant, Reply(500, "", b"", time.perf_counter() - asked))
            raise ModelFailureError(500, str(error), _shown(chain, chain[-1]), str(self.log)) from error
        self._record(fleet, variant, reply)
        if reply.status >= 400:
            raise ModelFailureError(reply.status, _text(reply.body), _shown(chain, container), str(self.log))
        return reply

    @property
    def _passed_on(self) -> Request:
        given = self.request
        return Request(
            given.get("Body", b""),
            given.get("ContentType", ""),
            given.get("Accept", ""),
            given.get("CustomAttributes", ""),
        )

    def _record(self, fleet: Fleet, variant: Mapping[str, Any], reply: Reply) -> None:
        exchange = Exchange(
            endpoint=self.endpoint,
            config=fleet.config,
            variant=variant["VariantName"],
            status=reply.status,
            moment=self.moment,
            request=self.request.get("Body", b""),
            request_type=self.request.get("ContentType", ""),
            answer=reply.body,
            answer_type=reply.content_type,
            inference_id=self.request.get("InferenceId"),
            custom_attributes=self.request.get("CustomAttributes"),
            seconds=time.perf_counter() - self.started,
            model_seconds=reply.seconds,
            instances=int(variant.get("CurrentInstanceCount", 1)),
        )
        recorder_of(self.store).record(fleet, exchange, self.log)


def _shown(chain: Sequence[Container], container: Container) -> str:
    return "primary" if len(chain) == 1 else container.hostname


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace").strip()[:2000]
