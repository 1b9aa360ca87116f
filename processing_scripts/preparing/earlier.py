"""What an earlier model's rows were prepared by: its features.json, by itself or in the model's archive."""

from __future__ import annotations

import tempfile
from pathlib import Path

from inference.archive import FEATURES, ArchiveError, unpack
from inference.columns import FeaturesError
from inference.features import Features, load_features
from inference.job import JobError

_ARCHIVES = "*.tar.gz"


def earlier_features(path: Path) -> Features:
    """Read a features.json, a model archive, or a folder that holds one of them.

    Raises JobError where there is neither, or what is there cannot be read.
    """
    try:
        if path.is_dir():
            return _in_folder(path)
        return _in_archive(path) if path.name.endswith(".tar.gz") else load_features(path)
    except (ArchiveError, FeaturesError) as error:
        raise JobError(f"the earlier model: {error}") from error


def _in_folder(folder: Path) -> Features:
    archives = sorted(folder.rglob(_ARCHIVES))
    if not archives:
        return load_features(folder / FEATURES)
    if len(archives) > 1:
        names = ", ".join(path.name for path in archives[:3])
        raise JobError(f"there are several earlier models ({names}); name one.")
    return _in_archive(archives[0])


def _in_archive(archive: Path) -> Features:
    with tempfile.TemporaryDirectory() as place:
        return load_features(unpack(archive, Path(place)) / FEATURES)
