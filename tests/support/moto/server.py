"""Starts and stops the server, and says how to reach it: for boto3, and for programs such as the CDK's command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import boto3
from botocore.config import Config

from tests.support.moto.copies import copy_of

ROOT = Path(__file__).parents[3]


class Server:
    """The server in a process of its own, for one account; a context manager that ends it.

    Attributes:
        endpoint: its address on the loopback interface.
        log: the file that its requests, and what fails unexpectedly, are written to.
    """

    def __init__(self, account: str, region: str, log: Path) -> None:
        self.account = account
        self.region = region
        self.log = log
        self.endpoint = ""
        self._clients: dict[str, Any] = {}
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Server:
        with self.log.open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.moto", self.account],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=self._settled({}),
            )
        assert self._process.stdout is not None
        self.endpoint = self._process.stdout.readline().strip()
        if not self.endpoint:
            self.__exit__(None, None, None)
            raise RuntimeError(f"The server did not start:\n{self.log.read_text('utf-8')}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        self._close_clients()
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    @contextmanager
    def copied(self) -> Iterator[Server]:
        """Give a server in the state of this one, and with an address of its own: what happens to one stays with it."""
        copy = Server(self.account, self.region, self.log)
        copy.endpoint = copy_of(self.endpoint)
        assert copy.endpoint, f"The server could not be copied:\n{self.log.read_text('utf-8')}"
        try:
            yield copy
        finally:
            copy._close_clients()

    def client(self, service: str) -> Any:
        """Return a boto3 client of a service, which speaks to this server; made once."""
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,
                region_name=self.region,
                endpoint_url=self.endpoint,
                aws_access_key_id="testing",
                aws_secret_access_key="testing",  # noqa: S106 - any will do
                config=Config(retries={"total_max_attempts": 1}),
            )
        return self._clients[service]

    def environment(self) -> dict[str, str]:
        """Return the environment in which a program finds this server in AWS's place, and nobody's credentials."""
        return self._settled(
            {
                "AWS_ACCESS_KEY_ID": "testing",
                "AWS_CONFIG_FILE": os.devnull,
                "AWS_DEFAULT_REGION": self.region,
                "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_ENDPOINT_URL": self.endpoint,
                "AWS_REGION": self.region,
                "AWS_SECRET_ACCESS_KEY": "testing",
                "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            }
        )

    def _close_clients(self) -> None:
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def _settled(self, additions: dict[str, str]) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
        return inherited | additions
