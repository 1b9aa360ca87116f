"""Several hosts as one: XGBoost's operations span the processes that stand for them.

All hosts are processes of this machine, so they meet in a folder that none of their containers shows. There each says
whether it has data, and the first that has some leads and says where its tracker listens.

Source: aws/sagemaker-xgboost-container (`distributed.py`): hosts without data take no part.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_ADDRESS = "127.0.0.1"
_LOOK_SECONDS = 0.02


def members(meeting: Path, hosts: Sequence[str], current: str, *, takes_part: bool) -> list[str]:
    """Return the hosts that train, in their order, once all have said whether they do.

    One that ends before it has said so ends the job, and with it those that wait here.
    """
    _tell(meeting / f"{current}.json", takes_part)
    return [host for host in hosts if _await(meeting / f"{host}.json")]


@contextmanager
def together(meeting: Path, names: Sequence[str], current: str) -> Iterator[None]:
    """Let XGBoost's operations span these hosts, of which the first leads."""
    if len(names) < 2:
        yield
        return
    from local.jobs.builtin.xgboost_algorithm.library import xgboost  # noqa: PLC0415 - a mistake is found without XGBoost

    place, tracker = meeting / "tracker.json", None
    if current == names[0]:
        # Ranks follow the tasks' names, so that sums, and with them the model, are the same at every run.
        tracker = xgboost.RabitTracker(n_workers=len(names), host_ip=_ADDRESS, sortby="task")
        tracker.start()
        _tell(place, tracker.worker_args())
    given = _await(place)
    xgboost.collective.init(
        dmlc_communicator="rabit",
        dmlc_tracker_uri=str(given["dmlc_tracker_uri"]),
        dmlc_tracker_port=int(given["dmlc_tracker_port"]),
        dmlc_task_id=f"{names.index(current):04d}",
    )
    yield
    xgboost.collective.finalize()
    if tracker is not None:
        tracker.wait_for()


def _tell(place: Path, value: Any) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    partly = place.with_suffix(".partly")
    partly.write_text(json.dumps(value), encoding="utf-8")
    partly.replace(place)


def _await(place: Path) -> Any:
    while not place.is_file():
        time.sleep(_LOOK_SECONDS)
    return json.loads(place.read_text(encoding="utf-8"))
