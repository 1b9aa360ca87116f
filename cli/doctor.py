"""What this machine has and lacks for running pipelines, each as one check."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

# The versions inside the image sagemaker-xgboost:3.2-0 (its build files): jobs here should compute what jobs there do.
IMAGE_PACKAGES = {
    "xgboost": "3.2.0",
    "scikit-learn": "1.8.0",
    "numpy": "2.1.0",
    "pandas": "2.2.3",
    "scipy": "1.15.0",
    "pyarrow": "22.0.0",
}
# On Linux the same library comes without the parts for graphics cards.
SAME_PACKAGE = {"xgboost": ("xgboost-cpu", "xgboost")}
IMAGE_PYTHON = "3.12"
LOW_SPACE_BYTES = 5_000_000_000


@dataclass(frozen=True)
class Check:
    """One thing looked at: `state` is ok, note (works, but differs or is only needed later) or problem."""

    name: str
    state: str
    finding: str


def checks(home: Path) -> Iterator[Check]:
    """Yield the checks one by one."""
    for check in _CHECKS:
        yield check(home)
    for name, wanted in IMAGE_PACKAGES.items():
        yield _package(name, wanted)


def _python(_home: Path) -> Check:
    version = platform.python_version()
    if not (3, 11) <= sys.version_info[:2] < (3, 14):
        return Check("Python", "problem", f"{version}; Sageline needs 3.11 to 3.13")
    same = version.startswith(IMAGE_PYTHON)
    return Check("Python", "ok" if same else "note", version if same else f"{version}; jobs on AWS run {IMAGE_PYTHON}")


def _system(_home: Path) -> Check:
    name = platform.system()
    if name == "Windows":
        return Check("System", "problem", "Windows is supported through WSL: run Sageline inside it")
    return Check("System", "ok", f"{name} {platform.machine()}")


def _namespaces(home: Path) -> Check:
    from local.jobs.sandboxes import choose  # noqa: PLC0415 - only this check needs it

    reason = choose(home).reason
    if reason is None:
        return Check("Jobs' /opt/ml", "ok", "real: jobs run in mount namespaces")
    return Check("Jobs' /opt/ml", "note", f"rewritten in arguments and environment, as {reason}")


def _tool(name: str, purpose: str) -> Callable[[Path], Check]:
    def check(_home: Path) -> Check:
        found = shutil.which(name)
        return Check(name, "ok" if found else "note", found or f"not found; needed for {purpose}")

    return check


def _space(home: Path) -> Check:
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    finding = f"{free / 1e9:.0f} GB free below {existing}"
    return Check("Disk", "ok" if free > LOW_SPACE_BYTES else "problem", finding)


def _writable(home: Path) -> Check:
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / ".doctor"
        probe.write_text("", encoding="utf-8")
        probe.unlink()
    except OSError as error:
        return Check("Home", "problem", f"{home} cannot be written: {error.strerror}. Choose another with --home")
    return Check("Home", "ok", str(home))


def _state(home: Path) -> Check:
    from local.store.database import Database, StateError  # noqa: PLC0415 - only this check needs it
    from local.store.home import Home  # noqa: PLC0415

    path = Home(home).database
    if not path.exists():
        return Check("State", "ok", "no executions yet")
    try:
        database = Database(path)
        damage = database.damage()
        database.close()
    except StateError as error:
        return Check("State", "problem", str(error))
    return Check("State", "problem" if damage else "ok", damage or f"{path.stat().st_size / 1e6:.1f} MB, intact")


def _package(name: str, wanted: str) -> Check:
    for candidate in SAME_PACKAGE.get(name, (name,)):
        try:
            found = importlib.metadata.version(candidate)
        except importlib.metadata.PackageNotFoundError:
            continue
        same = found == wanted
        return Check(name, "ok" if same else "note", found if same else f"{found}; the image has {wanted}")
    return Check(name, "problem", "not installed: run make setup")


_CHECKS: tuple[Callable[[Path], Check], ...] = (
    _python,
    _system,
    _writable,
    _state,
    _space,
    _tool("git", "working on a clone"),
    _tool("cc", "compiling models"),
    _namespaces,
)
