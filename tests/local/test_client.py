"""The clients: real boto3, no network, nothing read from the person's own AWS set-up."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.client import UnknownServiceError, client
from local.store.database import StateError


def test_every_service_answers_from_the_home(tmp_path: Path) -> None:
    assert client("sagemaker", tmp_path).list_pipelines()["PipelineSummaries"] == []
    assert client("s3", tmp_path).list_buckets()["Buckets"] == []
    assert client("logs", tmp_path).describe_log_groups(logGroupNamePrefix="/aws/sagemaker/T")["logGroups"]
    assert client("sts", tmp_path).get_caller_identity()["Account"] == "000000000000"


def test_a_service_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(UnknownServiceError) as caught:
        client("glacier", tmp_path)
    listed = "events, iam, lambda, logs, s3, sagemaker, sagemaker-runtime, sqs, sts"
    assert str(caught.value) == f"The laptop has no service 'glacier'. It has: {listed}."


def test_the_home_is_the_one_of_the_environment_where_none_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAGELINE_HOME", str(tmp_path / "chosen"))
    client("s3").create_bucket(Bucket="of-the-environment")
    assert (tmp_path / "chosen" / "s3" / "of-the-environment").is_dir()


def test_an_unreadable_state_is_a_sentence_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"not a database, and long enough to be taken for one" * 100)
    with pytest.raises(StateError, match="is not a state file that can be read"):
        client("sagemaker", tmp_path)


def test_nothing_of_the_persons_aws_setup_is_read_and_no_socket_is_opened(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("[profile broken\nregion = nowhere\n")
    program = """
import socket, sys
def refuse(*_, **__):
    raise SystemExit("a socket was opened")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
from pathlib import Path
from local.client import client
for service in ("sagemaker", "s3", "logs", "sts"):
    made = client(service, Path(sys.argv[1]))
    assert made.meta.region_name == "us-east-1", made.meta.region_name
    assert "example" not in made.meta.endpoint_url, made.meta.endpoint_url
print(client("sts", Path(sys.argv[1])).get_caller_identity()["Arn"])
"""
    environment = {
        **os.environ,
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": str(config),
        "AWS_PROFILE": "not-there",
        "AWS_DEFAULT_REGION": "eu-nowhere-9",
        "AWS_ENDPOINT_URL": "http://example.invalid",
        "AWS_MAX_ATTEMPTS": "many",
        "AWS_RETRY_MODE": "none-such",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "home")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == "arn:aws:sts::000000000000:assumed-role/sageline-laptop/laptop"


@pytest.mark.parametrize(
    ("service", "ask"),
    [
        ("sagemaker", lambda made: made.list_actions()),
        ("s3", lambda made: made.get_bucket_policy(Bucket="some-bucket")),
        ("sts", lambda made: made.assume_role(RoleArn="arn:aws:iam::000000000000:role/x", RoleSessionName="xy")),
        ("logs", lambda made: made.list_anomalies()),
    ],
)
def test_an_operation_that_is_not_there_yet_is_an_error_and_never_a_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: str, ask: Callable[[Any], Any]
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        pytest.fail("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    with pytest.raises(ClientError) as caught:
        ask(client(service, tmp_path))
    error = caught.value.response["Error"]
    assert error["Code"] == "UnknownOperationException"
    assert error["Message"].startswith(f"The laptop's {service} has no operation ")
    assert "max retries" not in str(caught.value)


def test_a_presigned_address_is_made_without_asking_anyone(tmp_path: Path) -> None:
    url = client("s3", tmp_path).generate_presigned_url("get_object", Params={"Bucket": "one", "Key": "a b"})
    assert "/one/a%20b?" in url
