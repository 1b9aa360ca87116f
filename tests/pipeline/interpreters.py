"""Interpreters for tests to run jobs with: the project's own, and one with exactly what the training image holds."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements" / "image.txt"
HOME = ROOT / ".venv-image"
VERSION = "3.12"


def image_python() -> Path:
    """Return an interpreter with the image's Python and packages; its environment is built once for its lock file.

    Skips the test where there is no such Python, or no uv to install with.
    """
    found = next(_pythons(), None)
    if found is None:
        pytest.skip(f"no Python {VERSION}, which the image has, on the PATH or under pyenv")
    installer = _uv()
    if installer is None:
        pytest.skip("no uv to build the image's environment with; `make setup` brings one")
    HOME.mkdir(exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        # Two test processes may both want it first.
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _environment(installer, found)


def _environment(installer: str, python: str) -> Path:
    folder = HOME / hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]
    interpreter = folder / "bin" / "python"
    if not (folder / "complete").exists():
        for old in HOME.iterdir():
            if old.is_dir():
                shutil.rmtree(old)
        _do([installer, "venv", "--quiet", "--python", python, str(folder)])
        _do([installer, "pip", "sync", "--quiet", "--python", str(interpreter), "--require-hashes", str(LOCK)])
        (folder / "complete").touch()
    return interpreter


def _do(command: list[str]) -> None:
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stderr}"


def _uv() -> str | None:
    own = ROOT / ".venv-uv" / "bin" / "uv"
    return str(own) if own.exists() else shutil.which("uv")


def _pythons() -> Iterator[str]:
    """Yield interpreters of the image's version that start; a shim of pyenv need not."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    places = [sys.executable, shutil.which(f"python{VERSION}"), *pyenv.glob(f"{VERSION}*/bin/python{VERSION}")]
    for place in filter(None, places):
        ask = [str(place), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        done = subprocess.run(ask, capture_output=True, text=True, check=False)
        if done.returncode == 0 and done.stdout.strip() == VERSION:
            yield str(place)
