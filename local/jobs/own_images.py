"""Python environments that stand for images: made by whoever needs an image's own packages, in their versions.

$SAGELINE_IMAGES names a folder of them: REPOSITORY/TAG or REPOSITORY (`sagemaker-scikit-learn`, say) is a virtual
environment. Programs of jobs with that image run by its Python, and so do hosted models where it can host them. Without
one they run by Sageline's.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from local.jobs.environment import SHIMS, search_path
from local.jobs.images import Image

VARIABLE = "SAGELINE_IMAGES"
# What the worker of a hosted model, a program of this project, needs of an environment to run in it.
_HOSTING_PYTHON = (3, 11)
_HOSTING_PACKAGE = "numpy"


def python_of(image: Image) -> Path | None:
    """Return the Python of the environment that stands for an image; None where there is no such environment."""
    root = images_folder()
    if root is None or not image.repository or ".." in (image.repository, image.tag):
        return None
    for folder in (root / image.repository / image.tag, root / image.repository):
        python = folder / "bin" / "python3"
        if python.is_file():
            return python
    return None


def installed_for(image: Image) -> dict[str, str]:
    """Return the versions of what is installed in the environment that stands for an image, and its Python's."""
    python = python_of(image)
    found: dict[str, str] = {}
    for folder in sorted(python.parent.parent.glob("lib/python3*/site-packages")) if python is not None else ():
        found["python"] = folder.parent.name.removeprefix("python")
        for entry in sorted(folder.glob("*.dist-info")):
            name, _, version = entry.stem.rpartition("-")
            found[name.replace("_", "-").lower()] = version
    return found


def environment_of(image: Image) -> dict[str, str]:
    """Return the variables by which a job's programs, and those that they start, find the image's own Python."""
    python = python_of(image)
    if python is None:
        return {}
    path = os.pathsep.join([str(SHIMS / "bin"), str(python.parent), search_path()])
    return {"PATH": path, "VIRTUAL_ENV": str(python.parent.parent)}


def can_host(image: Image) -> bool:
    """Say whether the environment that stands for an image is one in which a model can be hosted."""
    found = installed_for(image)
    version = tuple(int(part) for part in re.findall(r"\d+", found.get("python", "0")))
    return version >= _HOSTING_PYTHON and _HOSTING_PACKAGE in found


def hosting_environment_of(image: Image) -> dict[str, str]:
    """Return the variables by which a hosted model's worker finds the image's own Python, where that can host it."""
    return environment_of(image) if can_host(image) else {}


def python_in(search: str) -> str | None:
    """Return the Python of an image's environment on a PATH; None where none is on it."""
    root = images_folder()
    if root is None:
        return None
    places = [place for place in search.split(os.pathsep) if place and Path(place).is_relative_to(root)]
    return shutil.which("python3", path=os.pathsep.join(places)) if places else None


def images_folder() -> Path | None:
    """Return the folder that the variable names."""
    given = os.environ.get(VARIABLE)
    return Path(given).expanduser().absolute() if given else None
