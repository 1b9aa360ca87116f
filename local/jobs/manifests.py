"""Brings the objects that a manifest lists into a job's folder.

A manifest is an object such as ``[{"prefix": "s3://bucket/folder/"}, "a/1.csv", "b.csv"]``: a prefix, then what each
object's address has behind it, which is also its path in the folder. Source: SageMaker API Reference,
ProcessingS3Input.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from local.jobs.errors import JobError
from local.jobs.inputs import copy
from local.store.objects import ObjectError, ObjectStore, split_uri

MANIFEST = "ManifestFile"


def deliver_manifest(
    objects: ObjectStore,
    uri: str,
    folder: Path,
    what: str,
    choose: Callable[[Sequence[str]], Sequence[str]],
) -> None:
    """Copy what a manifest lists into a folder; `choose` picks what this host gets of it.

    Raises:
        JobError: the manifest, or an object that it lists, is not there or not what it should be.
    """
    prefix, names = _read(objects, uri, what)
    folder.mkdir(parents=True, exist_ok=True)
    for name in choose(names):
        try:
            copy(objects.path(*split_uri(prefix + name)), folder / name)
        except (ObjectError, OSError) as error:
            message = f"{what}: {prefix}{name}, which the manifest lists, cannot be read ({error})."
            raise JobError(message) from error


def listed(objects: ObjectStore, uri: object) -> list[str]:
    """Return the addresses that a manifest lists; none where it cannot be read, which the job will say."""
    try:
        prefix, names = _read(objects, str(uri), "")
    except JobError:
        return []
    return [prefix + name for name in names]


def _read(objects: ObjectStore, uri: str, what: str) -> tuple[str, list[str]]:
    try:
        content = json.loads(objects.path(*split_uri(uri)).read_bytes())
    except (ObjectError, OSError) as error:
        message = f"{what}: there is no manifest at {uri}."
        raise JobError(message) from error
    except ValueError as error:
        message = f"{what}: the manifest at {uri} is not JSON."
        raise JobError(message) from error
    listed: list[Any] = content if isinstance(content, list) and content else [None]
    first, names = listed[0], listed[1:]
    prefix = first.get("prefix") if isinstance(first, dict) else None
    if not isinstance(prefix, str) or not names or not all(map(_is_inside, names)):
        message = f"{what}: the manifest at {uri} does not hold a prefix and then paths below it."
        raise JobError(message)
    return prefix, names


def _is_inside(name: object) -> bool:
    path = PurePosixPath(name) if isinstance(name, str) else PurePosixPath("/")
    return not path.is_absolute() and bool(path.parts) and ".." not in path.parts
