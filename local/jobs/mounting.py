"""Plans the mounts of a namespace: what is shown where, with a place on disk made ready for each."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeAlias

Bind: TypeAlias = tuple[bytes, bytes]
"""A mount: the folder or file that is shown, and where."""

# Beside a folder to mount: its parent, shown with more in it.
STAGE_SUFFIX = ".parent"


def binds(inside: Path, folder: Path, root: Path) -> list[Bind]:
    """Return the mounts, source and target, that show `folder` at `inside` of the new root."""
    if inside.is_dir() or (inside.is_file() and folder.is_file()):
        return [_pair(folder, _below(root, inside))]
    if not inside.parent.exists() and inside.parent.parent == Path("/"):
        # Not even the machine's root has it; the new one may.
        _below(root, inside).mkdir(parents=True, exist_ok=True)
        return [_pair(folder, _below(root, inside))]
    # Nothing can be mounted on a place that is not there: its parent is shown anew, with all that it holds and more.
    parent, stage = inside.parent, folder.with_name(folder.name + STAGE_SUFFIX)
    place = stage / inside.name
    stage.mkdir(parents=True, exist_ok=True)
    place.mkdir(exist_ok=True) if folder.is_dir() else place.touch()
    return [*shown(parent, stage), _pair(folder, place), _pair(stage, _below(root, parent))]


def shown(parent: Path, stage: Path) -> list[Bind]:
    """Return the mounts that show everything in one folder in another one, which holds nothing but their places."""
    stage.mkdir(parents=True, exist_ok=True)
    found = []
    for entry in os.scandir(parent):
        place = stage / entry.name
        if entry.is_symlink():
            if not place.is_symlink():
                place.symlink_to(Path(entry.path).readlink())
        else:
            place.mkdir(exist_ok=True) if entry.is_dir() else place.touch()
            found.append(_pair(Path(entry.path), place))
    return found


def _below(root: Path, inside: Path) -> Path:
    return root / inside.relative_to("/")


def _pair(source: Path, target: Path) -> Bind:
    return os.fsencode(source), os.fsencode(target)
