"""The archive that Neo compiles: a tar.gz with one `.model` file in it, the same bytes for the same model."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

FILE = "xgboost.model"
"""The one file: Neo takes an archive of XGBoost's with exactly one `*.model`."""

ARCHIVE = "model.tar.gz"


def pack(content: bytes, target: Path) -> None:
    """Write the archive of a model file, under a temporary name until it is whole."""
    partly = target.with_name(target.name + ".partly")
    with partly.open("wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed, tarfile.open(
        fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT
    ) as archive:
        member = tarfile.TarInfo(FILE)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    partly.replace(target)


def model_json(archive: Path, name: str = "model.json") -> str | None:
    """Return the text of the model in an archive of ours; None where it has none."""
    with tarfile.open(str(archive), mode="r:gz") as opened:
        for member in opened:
            file = opened.extractfile(member) if member.isfile() and member.name in (name, "./" + name) else None
            if file is not None:
                return file.read().decode("utf-8")
    return None
