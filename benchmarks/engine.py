"""The engine's cost beyond the processes that it starts: a chain of steps, a fan-out of 200, other tools' runners.

Every step is one Python process that ends at once. By hand they are started one after another, or as many side by side
as there are cores. Metaflow and Kubeflow run the same chain with their local runners, where `make bench-peers` has
installed them.
    python -m benchmarks.engine
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks import peers
from benchmarks.timing import machine, run_process, side_by_side, table
from local.store.executions import new_execution
from local.store.home import Home
from local.store.names import execution_arn
from local.store.store import Store

ROOT = Path(__file__).resolve().parents[1]
CHAIN, FAN_OUT, PEERS_CHAIN = 20, 200, 10
IMAGE = "000000000000.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.2-0"
Measured: TypeAlias = tuple[float, float]
"""Wall time and processor time."""

BY_HAND = [sys.executable, "-c", "pass"]


def main(runs: int = 3) -> str:
    """Measure and return the tables."""
    alone, chained = _per_step(runs)
    fan_out = side_by_side(
        {
            f"the engine, {FAN_OUT} steps side by side": lambda: _engine(FAN_OUT, chained=False),
            f"{FAN_OUT} processes by hand, as many at once as cores": _by_hand_side_by_side,
        },
        runs=runs,
    )
    told = [
        f"a step of a chain, {unit}: {all_ms:.0f} ms, of which {own_ms:.0f} ms are its own process's; "
        f"the engine's share is {all_ms - own_ms:.0f} ms"
        for unit, own_ms, all_ms in zip(("wall time", "processor time"), alone, chained, strict=True)
    ]
    return "\n".join([machine(), *told, table("Fan-out", fan_out), _beside_peers(runs)])


def _per_step(runs: int) -> tuple[Measured, Measured]:
    """Return the milliseconds of a process by hand, and of a step with all that the engine does for it."""
    processes = _median([_measure(lambda: [run_process(BY_HAND) for _ in range(CHAIN)]) for _ in range(runs)])
    one = _median([_measure(lambda: _engine(1)) for _ in range(runs)])
    chain = _median([_measure(lambda: _engine(CHAIN)) for _ in range(runs)])
    alone = (processes[0] / CHAIN * 1000, processes[1] / CHAIN * 1000)
    return alone, ((chain[0] - one[0]) / (CHAIN - 1) * 1000, (chain[1] - one[1]) / (CHAIN - 1) * 1000)


def _measure(work: Callable[[], object]) -> Measured:
    """Return the seconds that some work takes, and the processor seconds of the processes that it waits for."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    work()
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _median(found: list[Measured]) -> Measured:
    return statistics.median(wall for wall, _ in found), statistics.median(cpu for _, cpu in found)


def _beside_peers(runs: int) -> str:
    contenders: dict[str, Callable[[], float]] = peers.runners(PEERS_CHAIN)
    if not contenders:
        return (
            "Metaflow and Kubeflow are not installed: `make bench-peers` installs them in an environment of their own."
        )
    contenders[f"the engine, a chain of {PEERS_CHAIN} steps"] = lambda: _engine(PEERS_CHAIN)
    return table("The same chain by other tools' local runners", side_by_side(contenders, runs=runs))


def _engine(count: int, *, chained: bool = True) -> float:
    """Run an execution of that many steps in a fresh home; return the engine process's seconds."""
    with tempfile.TemporaryDirectory() as name:
        store = Store(Home(Path(name)))
        arn = execution_arn("bench", "bench0000000")
        store.executions.create(
            new_execution(
                arn=arn,
                execution_id="bench0000000",
                pipeline="bench",
                token="bench",  # noqa: S106 - names the execution
                definition=json.dumps(_definition(count, chained=chained)),
                parameters={},
                body={} if chained else {"ParallelismConfiguration": {"MaxParallelExecutionSteps": os.cpu_count()}},
                now=time.time(),
            )
        )
        return run_process([sys.executable, "-m", "local.engine", "--home", name, arn], cwd=str(ROOT))


def _definition(count: int, *, chained: bool) -> dict[str, Any]:
    cluster = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}
    request = {
        "AppSpecification": {"ImageUri": IMAGE, "ContainerEntrypoint": ["python3", "-c", "pass"]},
        "ProcessingResources": {"ClusterConfig": cluster},
        "RoleArn": "arn:aws:iam::000000000000:role/bench",
    }
    steps = [
        {
            "Name": f"S{number}",
            "Type": "Processing",
            "Arguments": request,
            **({"DependsOn": [f"S{number - 1}"]} if chained and number else {}),
        }
        for number in range(count)
    ]
    return {"Version": "2020-12-01", "Parameters": [], "Steps": steps}


def _by_hand_side_by_side() -> float:
    started = time.perf_counter()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda _: subprocess.run(BY_HAND, check=True), range(FAN_OUT)))
    return time.perf_counter() - started


if __name__ == "__main__":
    print(main())
