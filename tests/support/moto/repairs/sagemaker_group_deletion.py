"""moto cannot delete groups of model packages."""

from __future__ import annotations

from moto.core.exceptions import ServiceException
from moto.core.responses import EmptyResult
from moto.sagemaker.responses import SageMakerResponse


class _ValidationError(ServiceException):
    code = "ValidationException"


def repair() -> None:
    """Add DeleteModelPackageGroup."""
    assert not hasattr(SageMakerResponse, "delete_model_package_group"), "moto deletes groups now: delete this module"
    setattr(SageMakerResponse, "delete_model_package_group", _delete)  # noqa: B010 - the class has no such attribute


def _delete(response: SageMakerResponse) -> EmptyResult:
    name, backend = response._get_param("ModelPackageGroupName"), response.sagemaker_backend
    if name not in backend.model_package_groups:
        raise _ValidationError(f"ModelPackageGroup {name} does not exist.")
    if any(each.model_package_group_name == name for each in backend.model_packages.values()):
        raise _ValidationError(f"Cannot delete ModelPackageGroup {name}: it has model packages.")
    del backend.model_package_groups[name]
    return EmptyResult()
