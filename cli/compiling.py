"""Fetches a model by what people type, and compiles it into an artefact and an edge bundle."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cli import models
from cli.errors import RUN_FAILED, CommandError, replacing
from cli.session import Session
from inference.archive import MANIFEST, SAMPLES, ArchiveError, open_archive, unpack
from inference.columns import FeaturesError
from inference.compiler import Compiled, CompileError
from inference.compiler.targets import Target
from inference.edge.bundle import read_json, write_artefact, write_bundle
from inference.predict import ModelError
from local.compilation.models import compile_any

_MODEL_FILES = (".json", ".ubj", ".txt")
"""XGBoost's, and LightGBM's text."""


@dataclass(frozen=True)
class Source:
    """A model to compile: the folder it is unpacked in, and the name and version that its bundle gets."""

    folder: Path
    name: str
    version: str

    @property
    def is_archive(self) -> bool:
        """Whether it is an archive of ours, with everything that raw rows need."""
        return (self.folder / MANIFEST).is_file()


@dataclass(frozen=True)
class Result:
    """What was compiled and where it stands; `bundle` is None for a model that comes without its features."""

    compiled: Compiled
    artefact: Path
    bundle: Path | None


@contextmanager
def fetched(wanted: str, connect: Callable[[], Session]) -> Iterator[Source]:
    """Unpack the model that a path, `PROBLEM/VERSION` or an ARN names; raises CommandError where there is none."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        path = Path(wanted)
        if path.is_dir():
            yield Source(path, path.resolve().name, "1")
        elif path.is_file() and path.suffix in _MODEL_FILES:
            (folder / path.name).write_bytes(path.read_bytes())
            yield Source(folder, path.stem, "1")
        elif path.is_file():
            yield Source(_unpacked(path, folder / "model"), path.name.removesuffix(".gz").removesuffix(".tar"), "1")
        elif path.suffix in (".gz", ".tar", *_MODEL_FILES) and not wanted.startswith("arn:"):
            message = f"There is no file {wanted}. Name a model archive, or a registered model as PROBLEM/VERSION."
            raise CommandError(message)
        else:
            yield _registered(connect(), wanted, folder)


def _registered(session: Session, wanted: str, folder: Path) -> Source:
    package = models.find(session, wanted)
    address = models.archive_address(package)
    if address is None:
        message = f"The registered model {wanted!r} has no archive to compile. Name another."
        raise CommandError(message)
    bucket, _, key = address.removeprefix("s3://").partition("/")
    session.s3.download_file(bucket, key, str(folder / "model.tar.gz"))
    group = str(package["ModelPackageGroupName"])
    name = group.removeprefix(models.PREFIX)
    return Source(_unpacked(folder / "model.tar.gz", folder / "model"), name, str(package["ModelPackageVersion"]))


def _unpacked(path: Path, into: Path) -> Path:
    try:
        return unpack(path, into)
    except ArchiveError as error:
        raise CommandError(str(error)) from error


def compiled(source: Source, target: Target, artefact: Path) -> Result:
    """Compile a model and write the artefact, and beside it the edge bundle of an archive of ours."""
    bundle = artefact.with_name(artefact.name.removesuffix(".gz").removesuffix(".tar") + "-edge.zip")
    with tempfile.TemporaryDirectory() as temporary:
        try:
            rows = _sample_features(source.folder) if source.is_archive else None
            made = compile_any(source.folder, Path(temporary) / "compiled", target, rows)
        except (ArchiveError, FeaturesError, ModelError) as error:
            raise CommandError(str(error)) from error
        except CompileError as error:
            raise CommandError(str(error), RUN_FAILED) from error
        with replacing(artefact):
            write_artefact(made, artefact)
        if source.is_archive:
            with replacing(bundle):
                write_bundle(source.folder, made, bundle, source.name, source.version)
    return Result(made, artefact, bundle if source.is_archive else None)


def _sample_features(folder: Path) -> NDArray[np.float32]:
    """The features of the archive's sample rows, once every digest in it is right."""
    archive = open_archive(folder)
    rows = read_json(folder / SAMPLES)["rows"]
    return np.array([archive.transform.record(row) for row in rows], dtype=np.float32)
