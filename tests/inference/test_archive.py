from __future__ import annotations

import io
import json
import shutil
import tarfile
from pathlib import Path

import pytest

from inference.archive import MANIFEST, ArchiveError, open_archive, unpack
from tests.support.jobs import files_of, pack

Folders = dict[tuple[str, str], Path]


@pytest.fixture
def folder(model_folders: Folders, tmp_path: Path) -> Path:
    copy = tmp_path / "copy"
    shutil.copytree(model_folders["binary", "linear"], copy)
    return copy


def test_an_archive_survives_its_tar(folder: Path, tmp_path: Path) -> None:
    pack(folder, tmp_path / "model.tar.gz")
    unpacked = unpack(tmp_path / "model.tar.gz", tmp_path / "unpacked")
    assert files_of(unpacked) == files_of(folder)
    assert open_archive(unpacked).model.name == "linear"


def test_a_changed_file_is_refused(folder: Path) -> None:
    path = folder / "linear.json"
    path.write_text(path.read_text().replace("0", "1"))
    with pytest.raises(ArchiveError, match=r"linear\.json in the archive is not what its manifest says"):
        open_archive(folder)


def test_an_absent_file_is_refused(folder: Path) -> None:
    (folder / "samples.json").unlink()
    with pytest.raises(ArchiveError, match=r"the archive lacks samples\.json"):
        open_archive(folder)


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (None, "has no manifest"),
        ("{", "is not JSON"),
        ('{"format_version": 7}', "does not have format version 1"),
        ('{"format_version": 1, "files": []}', "does not list the archive's files"),
        ('{"format_version": 1, "files": {"features.json": "", "../x": ""}}', "outside the archive"),
    ],
)
def test_a_manifest_that_cannot_be_used_is_refused(folder: Path, content: str | None, cause: str) -> None:
    (folder / MANIFEST).unlink()
    if content is not None:
        (folder / MANIFEST).write_text(content)
    with pytest.raises(ArchiveError, match=cause):
        open_archive(folder)


def test_a_tar_that_writes_outside_its_folder_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as file:
        member = tarfile.TarInfo("../escaped.json")
        member.size = 2
        file.addfile(member, io.BytesIO(b"{}"))
    with pytest.raises(ArchiveError, match=r"model\.tar\.gz cannot be unpacked"):
        unpack(tmp_path / "model.tar.gz", tmp_path / "unpacked")
    assert not (tmp_path / "escaped.json").exists()


def test_a_file_that_is_no_tar_or_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"there is no model\.tar\.gz"):
        unpack(tmp_path / "model.tar.gz", tmp_path / "unpacked")
    (tmp_path / "model.tar.gz").write_bytes(b"no tar")
    with pytest.raises(ArchiveError, match="cannot be unpacked"):
        unpack(tmp_path / "model.tar.gz", tmp_path / "unpacked")


def test_the_manifest_lists_every_file(folder: Path) -> None:
    listed = json.loads((folder / MANIFEST).read_text())["files"]
    assert set(listed) == set(files_of(folder)) - {MANIFEST}
    assert {"features.json", "samples.json", "code/serving.py", "code/inference/serving.py"} <= set(listed)
