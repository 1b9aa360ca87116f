"""Spares the SageMaker SDK work that it does over and over, and that no definition needs."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any

#: Opted out of telemetry, which would otherwise call home from a thread for every job described.
SDK_CONFIG = {"SchemaVersion": "1.0", "SageMaker": {"PythonSDK": {"Modules": {"TelemetryOptOut": True}}}}

# The one above is valid, as a test sees; against its schema, which is checked each time too, it takes the SDK 0.2 s.
_valid = {json.dumps(SDK_CONFIG, sort_keys=True)}


@contextlib.contextmanager
def lean_sdk() -> Iterator[None]:
    """Use the SDK inside this block, once it can be imported: each configuration is validated once, ours not at all.

    A processing step makes a client of the SDK's local mode, with boto3 sessions of its own, to look up how one of its
    methods is called. Such a client has no session in here.
    """
    from sagemaker.core.config.config_manager import SageMakerConfig  # noqa: PLC0415 - only inside ``offline``
    from sagemaker.core.helper import session_helper  # noqa: PLC0415
    from sagemaker.core.local.local_session import LocalSagemakerClient  # noqa: PLC0415

    with contextlib.ExitStack() as patches:
        validate = _validating_once(SageMakerConfig.validate_sagemaker_config)
        patches.enter_context(_replaced(SageMakerConfig, "validate_sagemaker_config", staticmethod(validate)))
        patches.enter_context(_replaced(session_helper, "validate_sagemaker_config", validate))
        patches.enter_context(_replaced(LocalSagemakerClient, "__init__", lambda _: None))
        yield


def _validating_once(validate: Callable[[Any], None]) -> Callable[[Any], None]:
    def validate_new(sagemaker_config: dict[str, Any] | None = None) -> None:
        key = json.dumps(sagemaker_config, sort_keys=True)
        if key not in _valid:
            validate(sagemaker_config)
            _valid.add(key)

    return validate_new


@contextlib.contextmanager
def _replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
    # As it is written there: looked up as an attribute, a static method is no longer one.
    before = vars(owner)[name]
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)
