"""Brings objects into a job's folder, as the service does in File mode."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from local.jobs.errors import JobError
from local.store.objects import ObjectError, ObjectInfo, ObjectStore, split_uri

Found = tuple[str, ObjectInfo]
"""An object with its path below the folder that receives it."""


def _all(found: Sequence[Found]) -> Sequence[Found]:
    return found


def deliver(
    objects: ObjectStore,
    uri: str,
    folder: Path,
    what: str,
    choose: Callable[[Sequence[Found]], Sequence[Found]] = _all,
) -> None:
    """Copy what a URI names into a folder. Copies: a job may change its inputs, and objects must not change with them.

    `choose` picks what this host gets of it, which may be nothing.

    Raises:
        JobError: there is nothing at the address, or it cannot be read.
    """
    try:
        found = objects.select(uri)
        bucket, _ = split_uri(uri)
    except ObjectError as error:
        message = f"{what}: {error}"
        raise JobError(message) from error
    if not found:
        message = f"{what}: there is no object at {uri}, and none below it."
        raise JobError(message)
    folder.mkdir(parents=True, exist_ok=True)
    for name, info in choose(found):
        try:
            copy(objects.path(bucket, info.key), folder / name)
        except OSError as error:
            message = f"{what}: {uri} cannot be read ({error.strerror or error})."
            raise JobError(message) from error


def copy(source: Path, target: Path) -> None:
    """Copy a file, making the folder it goes to."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def beside(objects: ObjectStore, uri: str) -> list[str]:
    """Return keys that the service would deliver as well, because they start with the same text.

    On the service `s3://b/train` also names `s3://b/train-2/x`; here a folder of exactly that name wins.
    """
    bucket, key = split_uri(uri)
    if not key or key.endswith("/"):
        return []
    parent, _, last = key.rpartition("/")
    folder = objects.root.joinpath(bucket, *parent.split("/")) if parent else objects.root / bucket
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError:
        return []
    return [f"{parent}/{name}" if parent else name for name in names if name.startswith(last) and name != last]
