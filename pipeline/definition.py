"""A problem's definition, built once for the content that makes it and remembered.

Building imports the SageMaker SDK, which takes seconds; finding a built definition imports nothing of it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from config.environment import Environment
    from config.problem import Problem

_log = logging.getLogger(__name__)

# Where the data comes from is said when an execution starts, not in the definition.
_WITHOUT_EFFECT = {"data"}
# What a definition is made from of an environment, which also says much that only stacks are made from.
_OF_ENVIRONMENT: dict[str, Any] = {
    "cache_days": True,
    "instances": True,
    "max_runtime_minutes": True,
    "name": True,
    "network": {"zones": True, "vpc": {"subnets"}},
    "region": True,
    "volume_gib": True,
}


def definition(problem: Problem, environment: Environment, cache_dir: Path) -> str:
    """Return a problem's definition for an environment, as ``pipeline.build.build`` does.

    A cache entry that is damaged is removed and built again; a cache that cannot be written costs time, not the result.
    """
    from pipeline.build import build  # noqa: PLC0415 - for the callers of the other one

    return _remembered(cache_dir / f"{cache_key(problem, environment)}.json", partial(build, problem, environment))


def drift_definition(problem: Problem, environment: Environment, cache_dir: Path) -> str:
    """Return the definition of a problem's drift pipeline for an environment, as ``pipeline.drift.build`` does."""
    from pipeline.drift.build import build, settings  # noqa: PLC0415 - for the callers of the other one

    key = cache_key(problem, environment, drift=settings(problem, environment).model_dump(mode="json"))
    return _remembered(cache_dir / f"{key}.json", partial(build, problem, environment))


def _remembered(entry: Path, build: Callable[[], str]) -> str:
    text = _read(entry)
    if text is None:
        text = build()
        _write(entry, text)
    return text


def cache_key(problem: Problem, environment: Environment, **more: object) -> str:
    """Return the SHA-256 of everything that makes a definition: its inputs, the code that builds it, the SDK."""
    inputs = [
        problem.model_dump(mode="json", exclude=_WITHOUT_EFFECT),
        environment.model_dump(mode="json", include=_OF_ENVIRONMENT),
        *more.items(),
    ]
    digest = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode())
    for part in (*_sdk_versions(), *_sources(Path(__file__).parent)):
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.hexdigest()


def _sources(folder: Path) -> list[bytes]:
    """Return the names and contents of the modules that build definitions."""
    modules = sorted(folder.rglob("*.py"))
    return [part for path in modules for part in (path.relative_to(folder).as_posix().encode(), path.read_bytes())]


def _sdk_versions() -> list[bytes]:
    """Return the SDK's distributions with their versions.

    Read from the names of the folders that record them: ``importlib.metadata`` opens and parses their files.
    """
    spec = importlib.util.find_spec("sagemaker")
    if spec is None or not spec.submodule_search_locations:
        return []
    packages = Path(next(iter(spec.submodule_search_locations))).parent
    names = (entry for entry in os.listdir(packages) if entry.startswith("sagemaker"))  # noqa: PTH208 - names alone
    return sorted(os.fsencode(name) for name in names if name.endswith(".dist-info"))


def _read(entry: Path) -> str | None:
    """Return the text of a cache entry, or None when there is none or it is damaged, which removes it."""
    try:
        digest, _, content = entry.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    except OSError as error:
        _log.warning("The cached definition %s cannot be read (%s) and is built again.", entry, error.strerror)
        return None
    if hashlib.sha256(content).hexdigest().encode() == digest:
        return content.decode()
    _log.warning("The cached definition %s is damaged and is built again.", entry)
    entry.unlink(missing_ok=True)
    return None


def _write(entry: Path, text: str) -> None:
    """Write a cache entry, its digest before it, whole or not at all."""
    content = text.encode()
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=entry.parent, prefix=".definition-")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(entry)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("The definition cannot be kept in %s (%s).", entry.parent, error.strerror)
