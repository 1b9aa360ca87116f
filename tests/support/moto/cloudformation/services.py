"""boto3 clients that talk to this very server, so that their own validation stands before every call."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import unquote, urlparse

import boto3
from botocore.config import Config

from tests.support.moto.cloudformation.errors import TemplateError

_NO_RETRIES = Config(retries={"total_max_attempts": 1}, read_timeout=120)


@dataclass
class Services:
    """Clients of one region, each made when it is first asked for."""

    endpoint: str
    region: str
    _clients: dict[str, Any] = field(default_factory=dict)

    @classmethod
    @cache
    def of(cls, endpoint: str, region: str) -> Services:
        """Return the clients of a region; making them takes longer than most calls."""
        return cls(endpoint, region)

    def __call__(self, name: str) -> Any:
        """Return the client of a service; what it can do is known at run time alone."""
        if name not in self._clients:
            self._clients[name] = boto3.client(
                name,
                region_name=self.region,
                endpoint_url=self.endpoint,
                aws_access_key_id="testing",
                aws_secret_access_key="testing",  # noqa: S106 - moto takes any
                config=_NO_RETRIES,
            )
        return self._clients[name]

    def stored_parameter(self, name: str) -> str:
        """Return what stands in the Parameter Store.

        Raises:
            TemplateError: where nothing does.
        """
        ssm = self("ssm")
        try:
            return str(ssm.get_parameter(Name=name)["Parameter"]["Value"])
        except ssm.exceptions.ParameterNotFound:
            raise TemplateError(f"Unable to fetch parameters [{name}] from parameter store for this account.") from None

    def zones(self) -> list[str]:
        """Return the region's availability zones."""
        answer = self("ec2").describe_availability_zones()
        return sorted(each["ZoneName"] for each in answer["AvailabilityZones"])

    def stored_object(self, address: str) -> str:
        """Return the text of an object by its address, with the bucket in the path or in the host's name."""
        place = urlparse(address)
        host = place.netloc.split(".")
        path = unquote(place.path).lstrip("/")
        in_host = "amazonaws" in host and not host[0].startswith("s3")
        bucket, key = (host[0], path) if in_host else path.split("/", 1)
        return str(self("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode())
