"""The environment variables that every job starts with: a container's, not those of whoever started the engine."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from local.jobs.leftovers import JOB_VARIABLE
from local.store.names import REGION

SHIMS = Path(__file__).resolve().parent / "shims"

# What a program needs from this machine to run at all; everything else (credentials, PYTHONPATH …) stays outside.
_KEPT = ("HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def base_environment(folder: Path, threads: int) -> dict[str, str]:
    """Return the variables of a job whose folder and share of the cores are given."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {
        **kept,
        "PATH": search_path(),
        # Where jobs find a pip that installs nothing.
        "PYTHONPATH": str(SHIMS),
        "TMPDIR": str(folder / "tmp"),
        "PYTHONUNBUFFERED": "1",
        "PYTHONNOUSERSITE": "1",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        # Parallel steps share the cores: each has its own, and a thread that waits sleeps instead of spinning.
        "OMP_NUM_THREADS": str(threads),
        "OPENBLAS_NUM_THREADS": str(threads),
        "MKL_NUM_THREADS": str(threads),
        "OMP_WAIT_POLICY": "PASSIVE",
        "GOMP_SPINCOUNT": "0",
        JOB_VARIABLE: str(folder),
    }


def search_path() -> str:
    """Return the PATH of jobs: the engine's own interpreter comes first."""
    return os.pathsep.join([str(SHIMS / "bin"), str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


def cpu_count() -> int:
    """Return how many cores a job may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
