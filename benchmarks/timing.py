"""Whole processes timed in turn, A B A B …, so that a machine whose speed drifts treats both alike."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Timed:
    """What was measured of one command: seconds of each run."""

    name: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median of the runs in seconds: the figure to quote."""
        return statistics.median(self.seconds)


def run_process(command: Sequence[str], environment: Mapping[str, str] | None = None, cwd: str | None = None) -> float:
    """Run a command to its end and return its wall time in seconds; a command that fails ends the benchmark."""
    started = time.perf_counter()
    done = subprocess.run(
        command, env={**os.environ, **(environment or {})}, cwd=cwd, capture_output=True, text=True, check=False
    )
    elapsed = time.perf_counter() - started
    if done.returncode != 0:
        message = f"{' '.join(command)} exited with {done.returncode}:\n{done.stdout}{done.stderr}"
        raise SystemExit(message)
    return elapsed


def side_by_side(contenders: Mapping[str, Callable[[], float]], runs: int = 5, warm_up: int = 1) -> list[Timed]:
    """Call each contender (it returns its own seconds) in turn, `runs` times after `warm_up` rounds not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(warm_up + runs):
        for name, contender in contenders.items():
            took = contender()
            if turn >= warm_up:
                seconds[name].append(took)
    return [Timed(name, tuple(values)) for name, values in seconds.items()]


def table(title: str, results: Sequence[Timed]) -> str:
    """Return the results as plain text; each ratio is against the last, the peer."""
    peer = results[-1]
    width = max(len(result.name) for result in results)
    lines = [title, f"{'':<{width}}  median s     min     max   ratio"]
    lines += [
        f"{result.name:<{width}}  {result.median:8.3f}  {min(result.seconds):6.3f}  {max(result.seconds):6.3f}  "
        f"{result.median / peer.median:6.2f}"
        for result in results
    ]
    return "\n".join(lines)


def machine() -> str:
    """Return the machine in one line, for figures mean little without it."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
