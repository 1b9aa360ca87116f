"""Runs the scripts of jobs in this process or as programs of their own, on small tables."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """Write a table, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def program(module: str, *arguments: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a module as a job would: a process of its own, with the job's environment alone."""
    inherited = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", module, *arguments],
        cwd=ROOT, env={**inherited, **environment}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def inside(
    main: Callable[[Sequence[str]], None], *arguments: str, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a program's `main` as `program` would, in this process: an interpreter and its imports take a second."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        for name in [name for name in os.environ if name.startswith("SM_")]:
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        try:
            main(arguments)
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def prepare_arguments(data: Path, output: Path, target: str, metric: str, *more: str) -> list[str]:
    """The arguments of Prepare."""
    return ["--input", str(data), "--output", str(output), "--target", target, "--metric", metric, *more]


def training_environment(prepared: Path, model: Path) -> dict[str, str]:
    """What script mode sets for a training job on the outputs of Prepare."""
    channels = {f"SM_CHANNEL_{name.upper()}": str(prepared / name) for name in ("train", "validation", "features")}
    return {**channels, "SM_MODEL_DIR": str(model), "SM_OUTPUT_DIR": str(model.parent / "output"), "SM_NUM_CPUS": "1"}


def pack(model: Path, archive: Path) -> None:
    """Make a model.tar.gz of a model folder."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive, "w:gz") as file:
        for path in sorted(model.iterdir()):
            file.add(path, path.name)


def files_of(folder: Path) -> dict[str, bytes]:
    """The content of every file below a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
