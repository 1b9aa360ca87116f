"""The engine's side of the program that searches."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from local.jobs.errors import JobError
from local.tuning.plan import Plan

_ROOT = Path(__file__).resolve().parents[2]
# Before this many results the search draws at random: a third of the budget, as far as the library's own ten.
_MOST_AT_RANDOM = 10


class Searcher:
    """A running search. `ask` waits for its answer, so it is called in the background."""

    def __init__(self, plan: Plan, known: Sequence[Sequence[tuple[Mapping[str, str], float]]]) -> None:
        searches = [
            {
                "strategy": plan.strategy,
                "ranges": [asdict(each) for each in program.ranges],
                "minimize": plan.minimize,
                "seed": plan.seed + index,
                "startup": max(2, min(_MOST_AT_RANDOM, plan.most // (3 * len(plan.programs)))),
                "known": results,
            }
            for index, (program, results) in enumerate(zip(plan.programs, known, strict=True))
        ]
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "local.tuning.search"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._first: Any = searches

    def ask(self, search: int, number: int, results: Sequence[tuple[int, float | None]]) -> dict[str, str] | None:
        """Tell results, in their order, and return the values of trial `number`; None when all was tried.

        Raises:
            JobError: the search has ended.
        """
        with self._lock:
            try:
                if self._first is not None:
                    self._send(self._first)
                    self._first = None
                self._send({"search": search, "ask": number, "tell": list(results)})
                assert self._process.stdout is not None  # noqa: S101 - it was asked for
                line = self._process.stdout.readline()
            except (OSError, ValueError) as error:
                raise _ended(error) from error
        if not line:
            raise _ended("it gave no answer")
        answer: dict[str, str] | None = json.loads(line)
        return answer

    def close(self) -> None:
        """End the search and wait for its end."""
        with self._lock:
            try:
                self._process.communicate(timeout=10)
            except (subprocess.TimeoutExpired, ValueError, OSError):
                self._process.kill()
                self._process.wait()

    def _send(self, content: Any) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        self._process.stdin.write(json.dumps(content) + "\n")
        self._process.stdin.flush()


def _ended(why: object) -> JobError:
    return JobError(f"The search for hyperparameters ended unexpectedly ({why}); the engine's log says more.")
