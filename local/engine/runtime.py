"""What jobs find on this machine in place of the image: the Python version and the packages'."""

from __future__ import annotations

import functools
import re
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from local.jobs.images import read_image
from local.jobs.own_images import can_host, installed_for, python_of
from local.jobs.requests import items, member

# Source: the build files of the image; see the container's requirements.
XGBOOST_IMAGE = "sagemaker-xgboost:3.2-0"
_IMAGES: dict[str, dict[str, str]] = {
    XGBOOST_IMAGE: {
        "python": "3.12",
        "matplotlib": "3.10.9",
        "numpy": "2.1.0",
        "pandas": "2.2.3",
        "pyarrow": "22.0.0",
        "scikit-learn": "1.8.0",
        "scipy": "1.15.0",
        "xgboost": "3.2.0",
    }
}
_IMAGE_MEMBERS = (("AppSpecification", "ImageUri"), ("AlgorithmSpecification", "TrainingImage"))
# A member of our own in a transform's arguments: models have new names in every execution, and what a result depends on
# is what is in them.
MODEL = "ModelContent"
# Distributions that bring another one's package.
_STAND_INS = {"xgboost-cpu": "xgboost"}
_INFO = re.compile(r"(?P<name>.+)-(?P<version>[^-]+)\.dist-info")


@functools.cache
def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that the known images hold.

    Read from the names in the packages' folder: asking importlib.metadata takes longer than starting the engine.
    """
    wanted = {name for packages in _IMAGES.values() for name in packages}
    found = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    for place in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        for entry in Path(place).glob("*.dist-info"):
            match = _INFO.fullmatch(entry.name)
            if match is not None:
                name = match["name"].replace("_", "-").lower()
                name = _STAND_INS.get(name, name)
                if name in wanted:
                    found[name] = match["version"]
    return dict(sorted(found.items()))


def runtime_of(arguments: Mapping[str, Any]) -> dict[str, str]:
    """Return the versions that a step's programs run with: this machine's, or those of its images' own environments."""
    own: dict[str, list[str]] = {}
    for image in sorted(set(_images(arguments))):
        for name, version in installed_for(read_image(image)).items():
            own.setdefault(name, []).append(version)
    return {name: ", ".join(found) for name, found in own.items()} or dict(versions())


def _images(arguments: Mapping[str, Any]) -> list[str]:
    """The images of a job, of the trainings of a tuning job, and of the model of a transform job."""
    jobs = [arguments, arguments.get("TrainingJobDefinition"), *items(arguments, "TrainingJobDefinitions")]
    found = [member(job, *path) for job in jobs for path in _IMAGE_MEMBERS]
    found += [member(container, "Image") for container in items(arguments, MODEL)]
    return [image for image in found if isinstance(image, str)]


def differences(image_uris: Iterable[str]) -> list[str]:
    """Return sentences for what differs here from the images that an execution names."""
    found = []
    for image in sorted({uri.rpartition("/")[2] for uri in image_uris}):
        python = python_of(read_image(image))
        if python is not None:
            whose = "Programs of" if can_host(read_image(image)) else "Programs, and not the hosted models, of"
            found.append(f"{whose} {image} run by {python}, with the packages that its environment has.")
            continue
        expected = _IMAGES.get(image)
        if expected is None:
            found.append(f"What {image} holds is not known here; its jobs run with this machine's packages.")
            continue
        here = versions()
        for name, version in expected.items():
            shown = "Python" if name == "python" else name
            if here.get(name) is None:
                found.append(f"{shown} {version} is in {image} and is not installed here.")
            elif here[name] != version:
                found.append(f"{shown} is {here[name]} here and {version} in {image}.")
    return found
