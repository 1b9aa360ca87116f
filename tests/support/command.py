"""The real command, in processes of its own and in that of the tests."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from cli.main import main

ROOT = Path(__file__).parents[2]
SAGELINE = (sys.executable, "-m", "cli")


@dataclass(frozen=True)
class Done:
    """How one call of the command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, read as JSON."""
        return json.loads(self.out)


def environment(home: Path) -> dict[str, str]:
    """The environment of a call: this one's, with that home and with nothing of AWS in it."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**clean, "SAGELINE_HOME": str(home), "PYTHONPATH": str(ROOT)}


def share_definitions(home: Path) -> None:
    """Let homes share built definitions, as runs in one home do: building one takes seconds, and has its own tests."""
    home.mkdir(parents=True, exist_ok=True)
    shared = Path(tempfile.gettempdir()) / "sageline-test-definitions"
    shared.mkdir(exist_ok=True)
    if not (home / "definitions").exists():
        (home / "definitions").symlink_to(shared)


def call(home: Path, *words: str, more: Mapping[str, str] | None = None) -> Done:
    """Run the command to its end."""
    share_definitions(home)
    done = subprocess.run(
        [*SAGELINE, *words],
        env={**environment(home), **(more or {})},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def here(home: Path, *words: str, more: Mapping[str, str] | None = None) -> Done:
    """Run the command to its end in this process: an interpreter and its imports take most of a second."""
    share_definitions(home)
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        for name in os.environ.keys() - environment(home).keys():
            patch.delenv(name)
        for name, value in {**environment(home), **(more or {})}.items():
            patch.setenv(name, value)
        patch.chdir(ROOT)
        # boto3 keeps the credentials that it was first given.
        patch.setattr(boto3, "DEFAULT_SESSION", None)
        code = main(list(words))
    return Done(code, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Finished:
    """A home in which the bundled binary problem has run once, and the object that the run printed."""

    home: Path
    result: dict[str, Any]

    def sageline(self, *words: str) -> Done:
        """Run a command in that home."""
        return here(self.home, *words)

    def copy(self, folder: Path) -> Finished:
        """Return a home of one's own in the folder, with all of this one in it: jobs come from its cache."""
        shutil.copytree(self.home, folder / "home", symlinks=True)
        return Finished(folder / "home", self.result)
