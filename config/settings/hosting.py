"""Instance types that approved models can be served on."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from config import instance_types
from config.errors import suggestion
from config.fields import mistake


def unusable(instance_type: str) -> tuple[str, str] | None:
    """Return why an approved model cannot be served on an instance type, and what to write; None where it can."""
    if instance_type not in instance_types.HOSTING:
        known = sorted(instance_types.HOSTING)
        fix = suggestion(instance_type, known) if instance_type else "Write one such as `ml.m5.large`."
        return f"`{instance_type[:40]}` is no instance type that SageMaker has for endpoints.", fix
    other = "Write one such as `ml.m5.large`."
    if instance_types.is_graviton(instance_type):
        return f"`{instance_type}` has an Arm processor (Graviton), for which the XGBoost image is not built.", other
    if instance_types.has_machine_learning_chips(instance_type):
        return f"`{instance_type}` is for models that are compiled for its chips, which these are not.", other
    if instance_types.has_local_storage(instance_type):
        return f"`{instance_type}` has local storage, for which SageMaker takes no encryption key of yours.", other
    return None


def _check_type(instance_type: str) -> str:
    found = unusable(instance_type)
    if found is not None:
        raise mistake(*found)
    return instance_type


InstanceType = Annotated[str, AfterValidator(_check_type)]
