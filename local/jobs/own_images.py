"""Python environments that stand for images: made by whoever needs an image's own packages, in their versions.

$SAGELINE_IMAGES names a folder of them: REPOSITORY/TAG or REPOSITORY (`sagemaker-scikit-learn`, say) is a virtual
environment, and programs of jobs with that image run by its Python. Without one they run by Sageline's.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from local.jobs.environment import SHIMS, search_path
from local.jobs.images import Image

VARIABLE = "SAGELINE_IMAGES"


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
