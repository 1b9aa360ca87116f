"""A home that is given what stands in the deployed account."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from local.client import client
from tests.infra.deploy.deployed import Deployed

PIPELINE = "sageline-breast-cancer"
FUNCTIONS = ("sageline-find-champion", "sageline-smoke-test")


class Laptop:
    """What the home's services hold comes from the account, through boto3 alone."""

    def __init__(self, home: Path, deployed: Deployed) -> None:
        self.home, self._deployed = home, deployed

    def client(self, service: str) -> Any:
        """Return a client of the home's services."""
        return client(service, self.home)

    def fetch(self) -> None:
        """Bring all that an execution needs but its data."""
        self.fetch_code(self.fetch_pipeline())
        self.fetch_functions()

    def fetch_pipeline(self) -> Any:
        """Bring the deployed definition, as it stands; return it."""
        found = self._deployed.client("sagemaker").describe_pipeline(PipelineName=PIPELINE)
        self.client("sagemaker").create_pipeline(
            PipelineName=PIPELINE,
            PipelineDefinition=found["PipelineDefinition"],
            RoleArn=found["RoleArn"],
            ClientRequestToken="t" * 32,
        )
        return json.loads(found["PipelineDefinition"])

    def fetch_functions(self) -> None:
        """Bring the functions, each as the archive that the CDK's command line has published."""
        for name in FUNCTIONS:
            found = self._deployed.client("lambda").get_function(FunctionName=name)
            settings = found["Configuration"]
            self.client("lambda").create_function(
                FunctionName=name,
                Code={"ZipFile": self._asset(found["Code"]["Location"].rpartition("/")[2])},
                **{each: settings[each] for each in ("Handler", "Role", "Runtime", "Timeout", "MemorySize")},
            )

    def fetch_code(self, definition: Any) -> str:
        """Bring the code bundle to the address that the definition's jobs read it from; return that address."""
        prepare = definition["Steps"][0]["Arguments"]
        (uri,) = (each["S3Input"]["S3Uri"] for each in prepare["ProcessingInputs"] if each["InputName"] == "code")
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        self.put(bucket, key, self._deployed.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())
        return str(uri)

    def put(self, bucket: str, key: str, content: bytes) -> None:
        """Put an object into a bucket, which is made where it is not there."""
        s3 = self.client("s3")
        if bucket not in [each["Name"] for each in s3.list_buckets()["Buckets"]]:
            s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key=key, Body=content)

    def _asset(self, key: str) -> bytes:
        server = self._deployed.server
        bucket = f"cdk-hnb659fds-assets-{server.account}-{server.region}"
        content: bytes = self._deployed.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
        return content
