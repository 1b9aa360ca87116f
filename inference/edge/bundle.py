"""Makes the edge bundle of a model archive, and packs what was compiled: the same content, the same bytes."""

from __future__ import annotations

import ast
import gzip
import hashlib
import io
import json
import os
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inference.compiler import Compiled, CompileError
from inference.edge.recipe import recipe

FORMAT_VERSION = 1
RUN = "run"

_ROOT = Path(__file__).parent.parent
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def write_bundle(archive: Path, compiled: Compiled, path: Path, name: str, version: str) -> None:
    """Write the bundle of an unpacked model archive, a ZIP file as Greengrass unpacks them.

    `name` and `version` name the Greengrass component. Raises CompileError for what is no archive of ours.
    """
    target = compiled.target
    files = {file.name: file.read_bytes() for file in sorted(compiled.folder.iterdir()) if file.is_file()}
    for needed in ("features.json", "samples.json"):
        if not (archive / needed).is_file():
            raise CompileError(
                f"the model comes without {needed}, which an edge bundle needs for raw rows; compile the archive "
                "that a training job wrote."
            )
        files[needed] = (archive / needed).read_bytes()
    files[RUN] = (_ROOT / "edge" / "runner.py").read_bytes()
    files |= {f"inference/{name}": (_ROOT / name).read_bytes() for name in modules(_ROOT / "edge" / "runner.py")}
    files["example.c"] = (_ROOT / "edge" / "example.c").read_bytes()
    files["recipe.json"] = _json(recipe(name, version, target, path.name))
    files["manifest.json"] = _json(
        {
            "format_version": FORMAT_VERSION,
            "model": {"name": name, "version": version, **compiled.facts["model"]},
            "target": {"os": target.os, "arch": target.arch},
            "files": {file: hashlib.sha256(files[file]).hexdigest() for file in sorted(files)},
        }
    )
    _write(path, _zipped(files))


def modules(program: Path) -> list[str]:
    """The files of this package that a program imports, and those that they import; none needs another library."""
    found: set[str] = set()
    waiting = [program]
    while waiting:
        for node in ast.walk(ast.parse(waiting.pop().read_bytes())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == _ROOT.name:
                parts = str(node.module).split(".")[1:]
                names = [parts, *([*parts, alias.name] for alias in node.names)]
                fresh = {name for part in names for name in _files(part)} - found
                found |= fresh
                waiting += [_ROOT / name for name in fresh]
    return sorted(found)


def _files(parts: list[str]) -> list[str]:
    """The files of a module or package of this package, with those of the packages it is in."""
    packages = ["/".join([*parts[:depth], "__init__.py"]) for depth in range(len(parts) + 1)]
    return [name for name in [*packages, "/".join(parts) + ".py"] if (_ROOT / name).is_file()]


def write_artefact(compiled: Compiled, path: Path) -> None:
    """Pack what was compiled as a tar.gz, its files at the root as in the artefacts of Neo."""
    files = {file.name: file.read_bytes() for file in sorted(compiled.folder.iterdir()) if file.is_file()}
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o755 if name.endswith(".so") else 0o644
            archive.addfile(member, io.BytesIO(content))
    _write(path, gzip.compress(plain.getvalue(), mtime=0))


def read_json(path: Path) -> Any:
    """The content of a JSON file in an archive; raises CompileError where it cannot be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CompileError(f"{path.name} cannot be read: {error}.") from error


def _json(content: object) -> bytes:
    return (json.dumps(content, indent=1) + "\n").encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as a ZIP archive; what may be run is marked so."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, _LONG_AGO)
            member.create_system = 3  # Unix, whose file modes follow
            member.external_attr = (0o100755 if name in (RUN, "compiled.so") else 0o100644) << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, files[name])
    return made.getvalue()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)  # noqa: PTH105  # one step, as everywhere
