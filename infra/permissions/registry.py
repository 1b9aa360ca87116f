"""What looking things up in the model registry takes."""

from __future__ import annotations

from collections.abc import Iterable

from infra.constructs.policy import Permission
from infra.permissions.place import Place

NUMBERED = "A version's number is the registry's to give."


def versions(place: Place, groups: Iterable[str]) -> list[str]:
    """Return the ARNs of all versions of some groups."""
    return [place.arn("sagemaker", "model-package", f"{group}/*") for group in groups]


def list_versions(place: Place) -> Permission:
    """Return what listing a group's versions takes."""
    because = "Which resource a list asks for is not documented; it shows versions' names and states."
    return Permission("ListVersions", ["sagemaker:ListModelPackages"], ["*"], place.only_here, because=because)


def read_versions(arns: Iterable[str], because: str = NUMBERED) -> Permission:
    """Return what reading versions takes."""
    return Permission("ReadVersions", ["sagemaker:DescribeModelPackage"], list(arns), because=because)
