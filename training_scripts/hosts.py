"""The hosts of a training job: who leads, who takes which rows, and how they find one another."""

from __future__ import annotations

import json
import os
import socket
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.job import JobError
from inference.predict import import_xgboost
from training_scripts.rendezvous import ask, offer

_WAIT_SECONDS = 600.0
"""Hosts start minutes apart on the service."""
_FIRST_PORT, _PORTS, _TRIED = 20_000, 12_000, 16


@dataclass(frozen=True)
class Hosts:
    """The hosts of this job in their order, and this one."""

    names: tuple[str, ...] = ("algo-1",)
    current: str = "algo-1"

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.names)

    @property
    def rank(self) -> int:
        """This one's place among them."""
        return self.names.index(self.current)

    @property
    def leads(self) -> bool:
        """Whether this one prints, and writes the model."""
        return self.rank == 0

    def part(self, channel: str) -> slice:
        """The rows of a channel that this host trains on: all where it was given a shard, else its share of them."""
        return slice(None) if _is_sharded(channel) else slice(self.rank, None, self.count)

    def total(self, number: int) -> int:
        """The sum of a number over all hosts; inside `together`."""
        return number if self.count == 1 else int(_reduced(np.array([number], dtype=np.int64), "SUM")[0])

    def from_leader(self, content: bytes | None) -> bytes | None:
        """What the leading host gives here, None for nothing; inside `together`."""
        if self.count == 1:
            return content
        given = content if self.leads and content else b""
        buffer = np.zeros(self.total(len(given)), dtype=np.uint8)
        if not buffer.size:
            return None
        if given:
            buffer[:] = np.frombuffer(given, dtype=np.uint8)
        return _reduced(buffer, "MAX").tobytes()


def hosts() -> Hosts:
    """The hosts as script mode tells them; by hand there is one."""
    names = json.loads(os.environ.get("SM_HOSTS", "[]"))
    if not names:
        return Hosts()
    found = Hosts(tuple(names), os.environ.get("SM_CURRENT_HOST", names[0]))
    if found.current not in found.names:
        raise JobError(f"this host is called {found.current}, which is none of {', '.join(found.names)}.")
    return found


@contextmanager
def together(group: Hosts) -> Iterator[None]:
    """Let XGBoost's operations span all hosts. An error leaves the others to whoever ends the job."""
    if group.count == 1:
        yield
        return
    xgboost = import_xgboost()
    address = _address(group.names[0])
    job, ports = _meeting_place()
    tracker: Any = None
    if group.leads:
        # Ranks follow the tasks' names, so that sums, and with them the model, are the same at every run.
        tracker = xgboost.RabitTracker(n_workers=group.count, host_ip=address, sortby="task")
        tracker.start()
        place = tracker.worker_args()
        offer(address, ports, job, json.dumps(place), group.count - 1)
    else:
        place = json.loads(ask(address, ports, job, _WAIT_SECONDS))
    xgboost.collective.init(
        dmlc_communicator="rabit",
        dmlc_tracker_uri=str(place["dmlc_tracker_uri"]),
        dmlc_tracker_port=int(place["dmlc_tracker_port"]),
        dmlc_task_id=f"{group.rank:04d}",
    )
    yield
    xgboost.collective.finalize()
    if tracker is not None:
        tracker.wait_for()


def _reduced(values: NDArray[Any], operation: str) -> NDArray[Any]:
    """What an operation makes of the values of all hosts, each by its place."""
    collective = import_xgboost().collective
    return np.asarray(collective.allreduce(values, getattr(collective.Op, operation)))


def _meeting_place() -> tuple[str, list[int]]:
    """The job's name, and the ports that hosts meet at: jobs that share a machine start from different ones."""
    job = str(json.loads(os.environ.get("SM_TRAINING_ENV", "{}")).get("job_name") or "job")
    start = zlib.crc32(job.encode())
    return job, [_FIRST_PORT + (start + place) % _PORTS for place in range(_TRIED)]


def _address(name: str) -> str:
    """The address of a host. Where the network is this machine's own, so are all hosts, and no name leads to them."""
    if os.environ.get("SM_NETWORK_INTERFACE_NAME", "").startswith("lo"):
        return "127.0.0.1"
    end = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            return socket.gethostbyname(name)
        except OSError as error:
            if time.monotonic() > end:
                raise JobError(f"the host {name} has no address ({error}); start the job again.") from error
        time.sleep(1)


def _is_sharded(channel: str) -> bool:
    config = json.loads(os.environ.get("SM_INPUT_DATA_CONFIG", "{}"))
    return bool(config.get(channel, {}).get("S3DistributionType") == "ShardedByS3Key")
