"""Environments that stand for images."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path


def environment(folder: Path, package: str = "old_package", version: str = "1.0", *, hosts: bool = False) -> Path:
    """A virtual environment as `python -m venv --without-pip` lays it out, with one package of its own.

    One that hosts models has what is installed here as well.
    """
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python3").symlink_to(sys.executable)
    (folder / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).resolve().parent}\nversion = 3\n")
    packages = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    (packages / f"{package}-{version}.dist-info").mkdir(parents=True)
    (packages / f"{package}.py").write_text(f"VERSION = {version!r}\n")
    if hosts:
        (packages / "here.pth").write_text(sysconfig.get_path("purelib"))
        (packages / "numpy-1.0.dist-info").mkdir()
    return folder
