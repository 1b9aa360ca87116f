"""A model archive: its files and manifest, opened only when every digest agrees."""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from inference.features import Features, load_features
from inference.handler import Handler
from inference.predict import Model, load_model
from inference.rows import RowTransform

FORMAT_VERSION = 1
MANIFEST = "manifest.json"
FEATURES = "features.json"
SAMPLES = "samples.json"

_MOST_BYTES = 4 << 30
_ONCE = "archive it again or train the model again"


class ArchiveError(Exception):
    """An archive cannot be used; the text is a whole sentence with the one cause."""


@dataclass(frozen=True)
class Archive:
    """A model with everything that travels with it."""

    folder: Path
    manifest: Mapping[str, Any]
    features: Features
    model: Model
    transform: RowTransform

    @cached_property
    def handler(self) -> Handler:
        """What answers requests to this model."""
        return Handler(self.folder, self.features, self.model, self.transform)


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unpack(path: Path, into: Path) -> Path:
    """Unpack a model.tar.gz into a folder and return the folder. Nothing is written outside of it."""
    try:
        with tarfile.open(path, "r:*") as archive:
            if sum(member.size for member in archive.getmembers()) > _MOST_BYTES:
                raise ArchiveError(
                    f"{path.name} unpacks to more than {_MOST_BYTES >> 30} GiB; that is no model of ours."
                )
            archive.extractall(into, filter="data")
    except FileNotFoundError as error:
        raise ArchiveError(f"there is no {path.name} in {path.parent}; was the model trained?") from error
    except (tarfile.TarError, OSError, EOFError) as error:
        raise ArchiveError(f"{path.name} cannot be unpacked ({error}); {_ONCE}.") from error
    return into


def open_archive(folder: Path) -> Archive:
    """Check and load the archive unpacked in a folder.

    Raises ArchiveError, `inference.columns.FeaturesError` or `inference.predict.ModelError`, each a sentence.
    """
    manifest = _checked(folder)
    features = load_features(folder / FEATURES)
    return Archive(folder, manifest, features, load_model(folder, features), RowTransform(features))


def open_features(folder: Path) -> Features:
    """Check the archive unpacked in a folder, and load what was fitted: all that a container beside the model's needs.

    Raises as `open_archive` does.
    """
    _checked(folder)
    return load_features(folder / FEATURES)


def _checked(folder: Path) -> Mapping[str, Any]:
    """The manifest of a folder whose files are those that it lists."""
    manifest = _manifest(folder)
    for name, expected in sorted(manifest["files"].items()):
        path = _inside(folder, name)
        if not path.is_file():
            raise ArchiveError(f"the archive lacks {name}, which its manifest lists; {_ONCE}.")
        if digest(path) != expected:
            raise ArchiveError(f"{name} in the archive is not what its manifest says (digests differ); {_ONCE}.")
    return manifest


def _manifest(folder: Path) -> Mapping[str, Any]:
    try:
        raw = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except OSError as error:
        raise ArchiveError(f"the archive has no {MANIFEST}; {_ONCE}.") from error
    except ValueError as error:
        raise ArchiveError(f"{MANIFEST} is not JSON; {_ONCE}.") from error
    if not isinstance(raw, Mapping) or raw.get("format_version") != FORMAT_VERSION:
        raise ArchiveError(f"{MANIFEST} does not have format version {FORMAT_VERSION}; use the code in the archive.")
    files = raw.get("files")
    if not isinstance(files, Mapping) or not {FEATURES} <= files.keys():
        raise ArchiveError(f"{MANIFEST} does not list the archive's files; {_ONCE}.")
    return raw


def _inside(folder: Path, name: object) -> Path:
    path = (folder / str(name)).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ArchiveError(f"{MANIFEST} names {str(name)[:60]!r}, which is outside the archive.")
    return path
