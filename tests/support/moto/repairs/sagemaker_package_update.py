"""moto's UpdateModelPackage takes away what a request leaves out: a decision goes with a change of metadata."""

from __future__ import annotations

from typing import Any

from moto.sagemaker.models import SageMakerModelBackend

_update = SageMakerModelBackend.update_model_package
_KEPT = ("model_approval_status", "approval_description")


def repair() -> None:
    """Leave as it is what a request does not name, and add metadata to those that are there."""
    SageMakerModelBackend.update_model_package = _updated  # type: ignore[assignment,method-assign]


def _updated(backend: SageMakerModelBackend, model_package_arn: str, **members: Any) -> str:
    name = backend.model_package_name_mapping.get(model_package_arn, model_package_arn)
    package = backend.model_packages.get(name)
    if package is not None:
        for member in _KEPT:
            members[member] = members.get(member) or getattr(package, member)
        given = members.get("customer_metadata_properties") or {}
        members["customer_metadata_properties"] = {**(package.customer_metadata_properties or {}), **given}
    return str(_update(backend, model_package_arn=model_package_arn, **members))
