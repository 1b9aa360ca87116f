"""The program of a transform job: `python -m local.hosting.transform FOLDER`, started by the job's runner.

FOLDER holds `transform.json`: {"home", "request", "inputs": [[name, path], …]}. Outputs go to FOLDER/output, each under
its input's name and `.out`; what ends the job early is written to FOLDER/failure as one sentence.
"""

from __future__ import annotations

import gzip
import itertools
import json
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from local.hosting.connection import Request
from local.hosting.containers import Container, containers
from local.hosting.errors import HostingError
from local.hosting.pool import Pool
from local.hosting.transform.processing import Processing, RecordError
from local.hosting.transform.splitting import MEGABYTE, UNLIMITED, Payload, SplitError, split
from local.jobs.environment import cpu_count
from local.store.home import Home
from local.store.store import Store

_SECONDS, _RETRIES = 600, 3
_MEGABYTES = 6
# Payloads that are read and answered before the first of them is written.
_WINDOW = 4


class TransformError(Exception):
    """The job fails; the message is a sentence."""


class Transform:
    """One job: its model's workers, and the way of a record through them."""

    def __init__(self, store: Store, request: Mapping[str, Any], log: Path) -> None:
        self._request = request
        self._log = log
        self._processing = Processing.of(request)
        self._many = max(1, request.get("MaxConcurrentTransforms") or 1)
        self._limit = _limit(request)
        self._chain = _chain(store, request, self._many, self._limit)
        # A worker answers one request after the other: as many as there are cores answer side by side.
        self._pools = [Pool(store) for _ in range(min(self._many, cpu_count()))]
        client = request.get("ModelClientConfig") or {}
        self._seconds = float(client.get("InvocationsTimeoutInSeconds") or _SECONDS)
        self._retries = client.get("InvocationsMaxRetries", _RETRIES)

    def run(self, name: str, source: Path, target: Path) -> None:
        """Transform one input object into one output object; TransformError where that fails."""
        given = self._request["TransformInput"]
        content = (
            gzip.decompress(source.read_bytes()) if given.get("CompressionType") == "Gzip" else source.read_bytes()
        )
        split_type, strategy = given.get("SplitType", "None"), self._request.get("BatchStrategy", "MultiRecord")
        by_line = self._request["TransformOutput"].get("AssembleWith") == "Line"
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with target.open("wb") as output:
                for part in self._answers(name, split(content, split_type, strategy, self._limit)):
                    output.write(part)
                    if by_line and part and not part.endswith(b"\n"):
                        output.write(b"\n")
        except SplitError as error:
            message = f"The input {name} {error}"
            raise TransformError(message) from error

    def stop(self) -> None:
        """End the workers."""
        for pool in self._pools:
            pool.stop()

    def _answers(self, name: str, payloads: Iterator[Payload]) -> Iterator[bytes]:
        numbered = enumerate(payloads)
        with ThreadPoolExecutor(len(self._pools)) as threads:
            while window := list(itertools.islice(numbered, _WINDOW * len(self._pools))):
                yield from threads.map(lambda each: self._answer(name, *each), window)

    def _answer(self, name: str, number: int, payload: Payload) -> bytes:
        last = payload.first + len(payload.records) - 1
        where = f"The input {name}, record {payload.first}" + (f" to {last}" if last > payload.first else "")
        try:
            body = self._processing.to_model(payload.records)
            return self._processing.of_model(payload.records, self._ask(where, number, body))
        except (RecordError, UnicodeDecodeError) as error:
            message = f"{where} {error}"
            raise TransformError(message) from error

    def _ask(self, where: str, number: int, body: bytes) -> bytes:
        pool = self._pools[number % len(self._pools)]
        content_type = self._request["TransformInput"].get("ContentType", "")
        accept = self._request["TransformOutput"].get("Accept", "")
        request, reason = Request(body, content_type, accept), ""
        for _ in range(1 + self._retries):
            try:
                _, reply = pool.invoke(self._chain, request, self._log, self._seconds)
            except HostingError as error:
                reason = str(error)
                continue
            if reply.status < 400:
                return reply.body
            reason = f"the model answered {reply.status}: {reply.body[:500].decode(errors='replace').strip()}"
            if reply.status < 500:
                break
        message = f"{where}: {reason}"
        raise TransformError(message)


def main(words: list[str]) -> int:
    """Run the job in the folder that the command line names."""
    folder = Path(words[0])
    given = json.loads((folder / "transform.json").read_text(encoding="utf-8"))
    transform = None
    try:
        transform = Transform(Store(Home(Path(given["home"]))), given["request"], Path(given["log"]))
        for name, source in given["inputs"]:
            transform.run(name, Path(source), folder / "output" / f"{name}.out")
            print(f"Transformed {name}", flush=True)
    except (TransformError, HostingError, OSError, EOFError) as error:
        print(error, file=sys.stderr)
        (folder / "failure").write_text(str(error), encoding="utf-8")
        return 1
    finally:
        if transform is not None:
            transform.stop()
    return 0


def _limit(request: Mapping[str, Any]) -> int:
    size = request.get("MaxPayloadInMB", _MEGABYTES)
    return size * MEGABYTE if size else UNLIMITED


def _chain(store: Store, request: Mapping[str, Any], many: int, limit: int) -> list[Container]:
    """Return the model's containers with the variables that the service adds in batch transform."""
    more = {
        "SAGEMAKER_BATCH": "true",
        "SAGEMAKER_BATCH_STRATEGY": {"SingleRecord": "SINGLE_RECORD"}.get(
            request.get("BatchStrategy", "MultiRecord"), "MULTI_RECORD"
        ),
        "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS": str(many),
        "SAGEMAKER_MAX_PAYLOAD_IN_MB": str(0 if limit == UNLIMITED else limit // MEGABYTE),
        **(request.get("Environment") or {}),
    }
    return [each.with_environment(more) for each in containers(store, request["ModelName"])]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
