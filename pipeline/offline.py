"""Keeps the SageMaker SDK off the network, credentials and the machine's settings while a definition is built."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import warnings
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from pipeline.lean_sdk import SDK_CONFIG


def _settings(region: str) -> dict[str, str]:
    """Return the only ``AWS_*`` and ``SAGEMAKER_*`` variables that the SDK shall see."""
    return {
        # A client is made while the SDK is being imported, and needs a region.
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        # Never signed with: requests are captured, not sent. Their presence stops the search for real ones.
        "AWS_ACCESS_KEY_ID": "offline",
        "AWS_SECRET_ACCESS_KEY": "offline",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAGEMAKER_ADMIN_CONFIG_OVERRIDE": os.devnull,
        "SAGEMAKER_USER_CONFIG_OVERRIDE": os.devnull,
        "SAGEMAKER_VALIDATE_ROLE": "false",
    }


@contextlib.contextmanager
def offline(region: str) -> Iterator[None]:
    """Import and use the SDK inside this block; the process is left as it was found.

    The SDK is imported inside for two reasons: it makes a client as it is imported, and it is so large that garbage
    collection, pointless while nothing is thrown away, is worth pausing.
    """
    before = dict(os.environ)
    collecting = gc.isenabled()
    disabled = logging.root.manager.disable
    gc.disable()
    logging.disable(logging.WARNING)
    # A module of the SDK sets up logging for the whole process, unless somebody has.
    somebody = logging.NullHandler()
    logging.root.addHandler(somebody)
    try:
        for name in [name for name in os.environ if name.startswith(("AWS_", "SAGEMAKER_"))]:
            del os.environ[name]
        os.environ.update(_settings(region))
        with warnings.catch_warnings():
            # The SDK warns that a pipeline session starts nothing, which is the point of one.
            warnings.simplefilter("ignore")
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        logging.root.removeHandler(somebody)
        logging.disable(disabled)
        if collecting:
            gc.enable()


class _NoService:
    """Stands where the SDK keeps a client. Using it is a mistake: a definition is built without AWS."""

    def __init__(self, service: str) -> None:
        self._service = service

    def __getattr__(self, operation: str) -> Any:
        raise AttributeError(
            f"The SageMaker SDK wanted {self._service}.{operation}, but a definition is built without AWS."
        )


class _Roles(_NoService):
    """Answers the one question the SDK insists on: a role's ARN is what was given for it, a placeholder."""

    def get_role(self, RoleName: str) -> dict[str, dict[str, str]]:  # noqa: N803 - AWS's name
        """Return the role as the client's ``GetRole`` does."""
        return {"Role": {"Arn": RoleName}}

    def Role(self, name: str) -> SimpleNamespace:  # noqa: N802 - AWS's name
        """Return the role as the resource does."""
        return SimpleNamespace(arn=name)


class NoServices:
    """A boto3 session that makes no clients: quicker than real ones, and proof that none is used."""

    def __init__(self, region: str) -> None:
        self.region_name = region

    def client(self, service: str, **_: Any) -> _NoService:
        """Return a client that refuses every call, but for the look-up of a role."""
        return _Roles(service) if service == "iam" else _NoService(service)

    resource = client


def pipeline_session(region: str, bucket: str) -> Any:
    """Return the SDK's pipeline session, which captures requests, for a region and bucket and with no AWS behind it."""
    from sagemaker.core.workflow.pipeline_context import PipelineSession  # noqa: PLC0415 - only inside ``offline``

    return PipelineSession(boto_session=NoServices(region), default_bucket=bucket, sagemaker_config=SDK_CONFIG)
