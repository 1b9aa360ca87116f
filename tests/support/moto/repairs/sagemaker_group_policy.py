"""moto has no policies of model package groups."""

from __future__ import annotations

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, EmptyResult
from moto.sagemaker.responses import SageMakerResponse

_policies: dict[tuple[str, str, str], str] = {}


class _ValidationError(ServiceException):
    code = "ValidationException"


def repair() -> None:
    """Add the three calls."""
    for name, call in (("put", _put), ("get", _get), ("delete", _delete)):
        attribute = f"{name}_model_package_group_policy"
        assert not hasattr(SageMakerResponse, attribute), "moto has policies of groups now: delete this module"
        setattr(SageMakerResponse, attribute, call)


def _group(response: SageMakerResponse) -> tuple[str, str, str]:
    name = str(response._get_param("ModelPackageGroupName"))
    if name not in response.sagemaker_backend.model_package_groups:
        raise _ValidationError(f"ModelPackageGroup {name} does not exist.")
    return response.current_account, response.region, name


def _put(response: SageMakerResponse) -> ActionResult:
    group = _group(response)
    _policies[group] = response._get_param("ResourcePolicy")
    arn = response.sagemaker_backend.model_package_groups[group[2]].arn
    return ActionResult({"ModelPackageGroupArn": arn})


def _get(response: SageMakerResponse) -> ActionResult:
    group = _group(response)
    if group not in _policies:
        raise _ValidationError(f"Cannot find resource policy for: {group[2]}")
    return ActionResult({"ResourcePolicy": _policies[group]})


def _delete(response: SageMakerResponse) -> EmptyResult:
    _policies.pop(_group(response), None)
    return EmptyResult()
