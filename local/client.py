"""Real boto3 clients whose AWS is the laptop: the one place where the two differ."""

from __future__ import annotations

import functools
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

import boto3
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES, ConfigValueStore, ConstantProvider
from botocore.session import Session as CoreSession

from local.api.dispatch import Dispatcher
from local.api.services import MODULES
from local.api.transport.in_process import attach
from local.definition import models
from local.store.home import Home
from local.store.names import REGION
from local.store.store import Store

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient
    from mypy_boto3_sts import STSClient

_making = threading.Lock()


class UnknownServiceError(ValueError):
    """A service that the laptop does not answer; the message lists those that it does."""


@overload
def client(service: Literal["sagemaker"], home: Path | None = None) -> SageMakerClient: ...
@overload
def client(service: Literal["sagemaker-runtime"], home: Path | None = None) -> SageMakerRuntimeClient: ...
@overload
def client(service: Literal["s3"], home: Path | None = None) -> S3Client: ...
@overload
def client(service: Literal["logs"], home: Path | None = None) -> CloudWatchLogsClient: ...
@overload
def client(service: Literal["sts"], home: Path | None = None) -> STSClient: ...
@overload
def client(service: str, home: Path | None = None) -> Any: ...


def client(service: str, home: Path | None = None) -> Any:
    """Return a boto3 client of a service that the laptop answers from `home` (default: SAGELINE_HOME or `.sageline`).

    No credentials, no configuration files, no network: what it is asked is answered in this process.

    Raises:
        UnknownServiceError: the laptop has no such service.
        local.store.database.StateError: the home's state cannot be read.
    """
    if service not in MODULES:
        message = f"The laptop has no service {service!r}. It has: {', '.join(sorted(MODULES))}."
        raise UnknownServiceError(message)
    store = Store(Home.find(home))
    # boto3 sessions are not safe to make clients from in several threads; the clients themselves are.
    with _making:
        made = _session().client(service, config=_config())
    if service != "s3":
        # Saves reading the model twice. S3's is not shared: botocore takes the bucket out of its paths as it goes.
        models.adopt(made.meta.service_model)
    attach(made, Dispatcher(store))
    return made


@functools.cache
def _session() -> boto3.session.Session:
    """Return the process's session: nothing in it comes from the environment or from files."""
    core = CoreSession()
    fixed = {name: default for name, (_, _, default, _) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()}
    fixed.update(
        region=REGION, config_file=os.devnull, credentials_file=os.devnull, ignore_configured_endpoint_urls=True
    )
    core.register_component(
        "config_store", ConfigValueStore({name: ConstantProvider(value) for name, value in fixed.items()})
    )
    core.set_credentials("laptop", "laptop")
    return boto3.session.Session(botocore_session=core)


@functools.cache
def _config() -> Config:
    return Config(
        retries={"total_max_attempts": 1},
        s3={"addressing_style": "path"},
        ignore_configured_endpoint_urls=True,  # type: ignore[call-arg] # newer than the stubs
    )
