"""A definition built with an empty cache, and found in it, against a bare import of the SDK's pipelines.

The peer is the least that any program must do that builds a definition with the SDK.
    python -m benchmarks.definition
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.timing import machine, run_process, side_by_side, table

ROOT = Path(__file__).resolve().parents[1]

DEFINITION = """
import sys
from pathlib import Path
from config import load_environment, load_problem
from pipeline.definition import definition
definition(load_problem(sys.argv[1]), load_environment("dev"), Path(sys.argv[2]))
"""
PEER = "import sagemaker.mlops.workflow.pipeline"


def main(problem: str = "breast_cancer", runs: int = 5) -> str:
    """Measure and return the table."""
    with tempfile.TemporaryDirectory() as cache:
        results = side_by_side(
            {
                "definition, found in the cache": lambda: _definition(problem, cache),
                "definition, empty cache": lambda: _cold(problem),
                "import of the SDK's pipelines alone": _peer,
            },
            runs=runs,
        )
    return table(f"{problem}: {machine()}", results)


def _definition(problem: str, cache: str) -> float:
    return run_process([sys.executable, "-c", DEFINITION, problem, cache], cwd=str(ROOT))


def _cold(problem: str) -> float:
    with tempfile.TemporaryDirectory() as cache:
        return _definition(problem, cache)


def _peer() -> float:
    # The SDK makes a client while it is imported, which needs a region.
    return run_process([sys.executable, "-c", PEER], {"AWS_DEFAULT_REGION": "us-east-1"}, cwd=str(ROOT))


if __name__ == "__main__":
    print(main(sys.argv[1] if sys.argv[1:] else "breast_cancer"))
