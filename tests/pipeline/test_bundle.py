from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import zlib
from pathlib import Path

import pytest

from pipeline.bundle import LAUNCHERS, PACKAGES, Bundle, BundleError, build_bundle

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small checkout, with things in it that no job needs."""
    for package in PACKAGES:
        write(tmp_path / package / "__init__.py", "")
    write(tmp_path / "inference" / "deep" / "module.py", "x = 1\n")
    write(tmp_path / "inference" / "compiler" / "table.c", "int x;\n")
    for unwanted in (
        "inference/__pycache__/module.cpython-311.pyc",
        "inference/__pycache__/stray.py",
        "inference/tests/test_module.py",
        "inference/.hidden.py",
        "inference/.cache/module.py",
        "inference/notes.txt",
        "inference/module.py~",
        "pipeline/build.py",
        "setup.py",
    ):
        write(tmp_path / unwanted, "unwanted\n")
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def members(bundle: Bundle) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(bundle.content)) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]


def test_it_holds_what_jobs_run_and_nothing_else(checkout: Path) -> None:
    assert list(members(build_bundle(checkout))) == sorted(
        [
            *LAUNCHERS,
            "inference/__init__.py",
            "inference/compiler/table.c",
            "inference/deep/module.py",
            "processing_scripts/__init__.py",
            "training_scripts/__init__.py",
        ]
    )


def test_it_is_named_by_its_content(checkout: Path) -> None:
    bundle = build_bundle(checkout)
    assert bundle.sha256 == hashlib.sha256(bundle.content).hexdigest()
    assert bundle.key == f"code/{bundle.sha256}.tar.gz"
    assert bundle.key.endswith("/" + bundle.file_name)


def test_times_rights_and_the_order_of_writing_change_nothing(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    for path in sorted((path for path in checkout.rglob("*") if path.is_file()), reverse=True):
        write(other / path.relative_to(checkout), path.read_text())
    for path in other.rglob("*.py"):
        path.chmod(0o755)
        os.utime(path, (1_000_000, 1_000_000))
    assert build_bundle(other).content == build_bundle(checkout).content


def test_another_line_of_code_is_another_bundle(checkout: Path) -> None:
    before = build_bundle(checkout)
    write(checkout / "inference" / "deep" / "module.py", "x = 2\n")
    assert build_bundle(checkout).key != before.key


def test_nothing_in_it_tells_when_where_or_by_whom_it_was_made(checkout: Path) -> None:
    content = build_bundle(checkout).content
    assert content[:10] == bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255])
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        assert {(m.mtime, m.uid, m.gid, m.uname, m.gname, m.mode) for m in archive} == {(0, 0, 0, "", "", 0o644)}


@pytest.mark.parametrize("size", [0, 65_534, 65_535, 65_536, 200_000])
def test_any_reader_of_gzip_reads_it(checkout: Path, size: int) -> None:
    (checkout / "inference" / "large.py").write_bytes(os.urandom(size))
    content = build_bundle(checkout).content
    assert gzip.decompress(content) == zlib.decompress(content, wbits=31)
    assert len(members(build_bundle(checkout))["inference/large.py"]) == size


def test_a_folder_without_the_code_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BundleError) as caught:
        build_bundle(tmp_path)
    assert str(caught.value) == (
        f"There is no code in {tmp_path / 'inference'}. Run this from a complete checkout of the project."
    )


def test_the_projects_own_bundle_is_small() -> None:
    assert len(build_bundle(ROOT).content) < 2_000_000
