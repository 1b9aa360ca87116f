"""Where commands go: boto3 clients, and the buckets beside them. Commands know no other difference between places."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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

    from config.environment import Environment
    from config.problem import Problem

Ready = Callable[["Session", "Problem", "Environment"], str]


@dataclass(frozen=True)
class Session:
    """One place to run in. Clients are made when they are first used: each costs tenths of a second.

    Attributes:
        home: where reports are written, on this machine.
        poll_seconds: the shortest and the longest pause between two looks at what goes on.
        connect: makes a boto3 client of a service.
        ready: sees to it that a problem's pipeline is there, and returns its name.
        words: what further commands are given to go to the same place, such as `` --env dev``.
        import_hint: how data comes to an address in S3.
    """

    home: Home
    artifact_bucket: str
    data_bucket: str
    poll_seconds: tuple[float, float]
    connect: Callable[[str], Any]
    ready: Ready
    words: str
    import_hint: str

    def pauses(self) -> Iterator[float]:
        """Yield the pauses in seconds between looks that find nothing new: short ones first, then longer ones."""
        pause, longest = self.poll_seconds
        while True:
            yield pause
            pause = min(pause * 1.3, longest)

    @cached_property
    def sagemaker(self) -> SageMakerClient:
        """The SageMaker client."""
        made: SageMakerClient = self.connect("sagemaker")
        return made

    @cached_property
    def s3(self) -> S3Client:
        """The S3 client."""
        made: S3Client = self.connect("s3")
        return made

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        """The CloudWatch Logs client."""
        made: CloudWatchLogsClient = self.connect("logs")
        return made

    @cached_property
    def runtime(self) -> SageMakerRuntimeClient:
        """The client of SageMaker's runtime, which invokes endpoints."""
        made: SageMakerRuntimeClient = self.connect("sagemaker-runtime")
        return made


def open_session(home: Path | None, environment: str | None = None) -> Session:
    """Return a session in an AWS environment, by its name or file; on the laptop's SageMaker where none is named.

    Raises:
        CommandError: the environment cannot be reached, or is not deployed.
    """
    if environment is None:
        return _laptop(Home.find(home))
    from cli.deployed import open_environment  # noqa: PLC0415 - boto3 and pydantic are slow to import

    return open_environment(Home.find(home), environment)


def _laptop(home: Home) -> Session:
    def connect(service: str) -> Any:
        from local.client import client  # noqa: PLC0415 - boto3 is slow to import; help and doctor do without
        from local.store.database import StateError  # noqa: PLC0415

        try:
            return client(service, home=home.root)
        except StateError as error:
            raise CommandError(str(error)) from error

    def ready(session: Session, problem: Problem, environment: Environment) -> str:
        from cli.publish import publish  # noqa: PLC0415 - only commands that start a pipeline

        return publish(session, problem, environment)

    return Session(
        home=home,
        artifact_bucket=ARTIFACT_BUCKET,
        data_bucket=DATA_BUCKET,
        poll_seconds=(0.05, 0.25),
        connect=connect,
        ready=ready,
        words="",
        import_hint=f"On the laptop, S3 addresses are files below {home.objects}: put the data there with the S3 "
        "client, or name a file as the problem's `data`.",
    )
