"""Archives: the same bytes for the same files, and nothing leaves the folder."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest

from local.jobs import archives
from local.jobs.archives import pack, unpack
from local.jobs.errors import JobError


def members(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as opened:
        member = tarfile.TarInfo(name)
        member.type = kind
        member.linkname = link
        opened.addfile(member, io.BytesIO())
    return packed.getvalue()


def test_time_order_and_owner_leave_no_trace(tmp_path: Path) -> None:
    for number, names in enumerate((("b", "a"), ("a", "b"))):
        folder = tmp_path / f"folder{number}"
        (folder / "sub").mkdir(parents=True)
        for name in names:
            (folder / "sub" / name).write_text(name)
            os.utime(folder / "sub" / name, (1000 * number, 1000 * number))
        pack(folder, tmp_path / f"{number}.tar.gz")

    assert (tmp_path / "0.tar.gz").read_bytes() == (tmp_path / "1.tar.gz").read_bytes()


def test_a_packed_folder_unpacks_to_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "file").write_text("content")
    os.link(folder / "deep" / "file", folder / "twin")
    (folder / "link").symlink_to("deep/file")
    pack(folder, tmp_path / "x.tar.gz")
    unpack(tmp_path / "x.tar.gz", tmp_path / "again")

    assert {path.name: path.read_text() for path in (tmp_path / "again").rglob("*") if path.is_file()} == {
        "file": "content",
        "twin": "content",
        "link": "content",
    }


@pytest.mark.parametrize(
    "content",
    [
        members("../escaped"),
        members("link", tarfile.SYMTYPE, "/etc/passwd"),
        members("link", tarfile.LNKTYPE, "../../escaped"),
        members("device", tarfile.CHRTYPE),
        members("file")[:-12],
        b"not an archive",
        b"",
    ],
    ids=["parent", "symlink", "hard link", "device", "cut off", "no archive", "empty"],
)
def test_hostile_and_damaged_archives_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.tar.gz").write_bytes(content)
    with pytest.raises(JobError, match=r"x\.tar\.gz cannot be unpacked"):
        unpack(tmp_path / "x.tar.gz", tmp_path / "out" / "deep")
    assert not (tmp_path / "escaped").exists()
    assert not (tmp_path / "out" / "escaped").exists()


def test_an_absolute_name_stays_inside(tmp_path: Path) -> None:
    (tmp_path / "x.tar.gz").write_bytes(members(f"{tmp_path}/escaped"))
    unpack(tmp_path / "x.tar.gz", tmp_path / "out")

    assert not (tmp_path / "escaped").exists()
    assert [path.name for path in (tmp_path / "out").rglob("escaped")] == ["escaped"]


def test_an_archive_of_too_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        (tmp_path / "folder").mkdir(exist_ok=True)
        (tmp_path / "folder" / str(number)).touch()
    pack(tmp_path / "folder", tmp_path / "x.tar.gz")
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)

    with pytest.raises(JobError, match="unpacks to more than 2 files"):
        unpack(tmp_path / "x.tar.gz", tmp_path / "out")
