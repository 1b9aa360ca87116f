"""A home with models that say who they are, and endpoints of them, asked in process or over HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from local.client import client
from local.hosting.pool import pool_of
from local.hosting.recording import Recorder, recorder_of
from local.store.home import Home
from local.store.store import Store
from tests.support.models import ROLE, archive, foreign_archive, script_container
from tests.support.pipelines import await_value

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient

# Answers the body, as the type that was asked for; `fail` fails, `refuse` is refused.
ECHO = """
import time


class Refused(Exception):
    status = 422


def model_fn(model_dir):
    return None


def transform_fn(model, body, content_type, accept):
    text = body if isinstance(body, str) else body.decode()
    if text == "fail":
        raise RuntimeError("told to")
    if text == "refuse":
        raise Refused("no such rows")
    if text.startswith("sleep "):
        time.sleep(float(text.split()[1]))
    return text, accept
"""
BROKEN = ECHO.replace('if text == "fail"', "if True")


def http_client(service: str, url: str) -> Any:
    """An unmodified boto3 client of a server on a port, which asks each thing once."""
    from botocore.config import Config  # noqa: PLC0415

    config = Config(retries={"total_max_attempts": 1}, max_pool_connections=32)
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",  # noqa: S106 - no secret
        config=config,
    )


class Cloud:
    """A home with two models, each of which says who it is, and endpoints of them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.sagemaker: SageMakerClient = client("sagemaker", home)
        self.runtime: SageMakerRuntimeClient = client("sagemaker-runtime", home)
        self.s3 = client("s3", home)
        self.s3.create_bucket(Bucket="models")
        for name, weights in (("one", "[1, 0]"), ("two", "[0, 1]")):
            self.model(name, foreign_archive(weights))

    @property
    def store(self) -> Store:
        return Store(Home(self.home))

    @property
    def recorder(self) -> Recorder:
        return recorder_of(self.store)

    def model(self, name: str, content: bytes) -> None:
        self.s3.put_object(Bucket="models", Key=f"{name}.tar.gz", Body=content)
        container: Any = script_container(f"s3://models/{name}.tar.gz")
        self.sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=container)

    def script(self, name: str, program: str) -> None:
        """A model that is a script alone."""
        self.model(name, archive(**{"code__inference.py": program}))

    def config(self, name: str, *variants: Any, **more: Any) -> None:
        self.sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=list(variants), **more)

    def endpoint(self, name: str, *variants: Any, **more: Any) -> None:
        """An endpoint in service, with a configuration of its own name."""
        self.config(name, *variants, **more)
        self.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
        self.status(name, "InService")

    def status(self, name: str, *wanted: str) -> Any:
        def look() -> Any:
            found = self.sagemaker.describe_endpoint(EndpointName=name)
            return found if found["EndpointStatus"] in wanted else None

        return await_value(look, f"{name} to be {wanted}", 40)

    def ask(self, name: str, **more: Any) -> tuple[Any, str]:
        body = json.dumps({"instances": [[10, 20]]})
        answer = self.runtime.invoke_endpoint(EndpointName=name, ContentType="application/json", Body=body, **more)
        return json.loads(answer["Body"].read())["predictions"][0], answer["InvokedProductionVariant"]

    def say(self, name: str, text: str, **more: Any) -> str:
        """Ask an echoing endpoint."""
        given = {"ContentType": "text/csv", "Accept": "text/csv", **more}
        return self.runtime.invoke_endpoint(EndpointName=name, Body=text, **given)["Body"].read().decode()

    def close(self) -> None:
        self.recorder.close()
        pool_of(self.store).stop()
