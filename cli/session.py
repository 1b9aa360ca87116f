"""Where commands go: boto3 clients, and the buckets beside them. Commands know no other difference between places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.errors import CommandError
from local.store.home import Home
from local.store.names import ARTIFACT_BUCKET, DATA_BUCKET

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient


@dataclass(frozen=True)
class Session:
    """One place to run in. Clients are made when they are first used: each costs tenths of a second."""

    home: Home
    artifact_bucket: str
    data_bucket: str
    poll_seconds: float

    @cached_property
    def sagemaker(self) -> SageMakerClient:
        """The SageMaker client."""
        made: SageMakerClient = self._client("sagemaker")
        return made

    @cached_property
    def s3(self) -> S3Client:
        """The S3 client."""
        made: S3Client = self._client("s3")
        return made

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        """The CloudWatch Logs client."""
        made: CloudWatchLogsClient = self._client("logs")
        return made

    @cached_property
    def runtime(self) -> SageMakerRuntimeClient:
        """The client of SageMaker's runtime, which invokes endpoints."""
        made: SageMakerRuntimeClient = self._client("sagemaker-runtime")
        return made

    def _client(self, service: str) -> Any:
        from local.client import client  # noqa: PLC0415 - boto3 is slow to import; help and doctor do without
        from local.store.database import StateError  # noqa: PLC0415

        try:
            return client(service, home=self.home.root)
        except StateError as error:
            raise CommandError(str(error)) from error


def open_session(home: Path | None) -> Session:
    """Return a session on the laptop's SageMaker in the given home folder."""
    return Session(
        home=Home.find(home),
        artifact_bucket=ARTIFACT_BUCKET,
        data_bucket=DATA_BUCKET,
        poll_seconds=0.05,
    )
