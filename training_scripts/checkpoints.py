"""Checkpoints: what a training that is cut short, as managed spot training may be, goes on from.

The service keeps `/opt/ml/checkpoints` in S3 while the job runs and gives it back to the job that takes its place. The
folder is there only where the job has a CheckpointConfig.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training_scripts.channels import Job
from training_scripts.hosts import Hosts

EVERY = 25
"""Rounds from one checkpoint to the next."""
FILE = "xgboost.checkpoint"
_FORMAT = "1"


class Checkpoints:
    """One file, written whole: a mark of everything that makes the model, then the trees so far.

    A checkpoint of another training (other rows, settings or hosts) is not this one's, and is left alone.
    """

    def __init__(self, folder: Path, mark: str) -> None:
        self._path = folder / FILE
        self._mark = mark.encode()

    def read(self) -> bytes | None:
        """The trees of the last checkpoint; None where there is none of this training."""
        try:
            mark, _, trees = self._path.read_bytes().partition(b"\n")
        except OSError:
            return None
        return trees if mark == self._mark else None

    def write(self, trees: bytes) -> None:
        """Put a checkpoint in the place of the one before."""
        whole = self._path.with_name(f".{FILE}")
        whole.write_bytes(self._mark + b"\n" + trees)
        whole.replace(self._path)


def checkpoints(job: Job, settings: Mapping[str, Any], group: Hosts, parent: bytes | None) -> Checkpoints | None:
    """The job's checkpoints, None where it is to keep none. All hosts come to the same, and the leading one's count."""
    folder = job.model_folder.parent / "checkpoints"
    if not folder.is_dir():
        return None
    rows = hashlib.sha256(parent or b"")
    for part in (job.train, job.validation):
        rows.update(part.features.tobytes())
        rows.update(part.labels.tobytes())
    over_all_hosts = group.total(int.from_bytes(rows.digest()[:6], "big"))
    made_of = json.dumps([_FORMAT, EVERY, dict(settings), job.features.to_json(), group.names, over_all_hosts])
    return Checkpoints(folder, hashlib.sha256(made_of.encode()).hexdigest())
