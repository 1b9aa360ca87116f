from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cli.report import collect
from cli.report import material as module
from local.client import client
from tests.cli.report import examples

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@pytest.fixture
def s3(tmp_path: Path) -> Iterator[S3Client]:
    made = client("s3", tmp_path)
    yield made
    made.close()


def put(s3: S3Client, uri: str, content: Any) -> None:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    s3.put_object(Bucket=bucket, Key=key, Body=content if isinstance(content, bytes) else json.dumps(content).encode())


def test_the_objects_that_steps_wrote_are_collected(s3: S3Client) -> None:
    put(s3, f"{examples.PREPARED}/profile/profile.json", examples.PROFILE)
    put(s3, f"{examples.EVALUATED}/evaluation.json", {"regression_metrics": {}})
    put(s3, f"{examples.EVALUATED}/gate.json", examples.GATE)
    put(s3, f"{examples.EVALUATED}/details.json", examples.BINARY)
    found = collect(s3, examples.execution())
    assert (found.profile, found.gate, found.details) == (examples.PROFILE, examples.GATE, examples.BINARY)
    assert found.evaluation == {"regression_metrics": {}}
    assert found.notes == ()


def test_what_was_never_written_is_left_out_without_a_word(s3: S3Client) -> None:
    found = collect(s3, examples.execution())
    assert (found.profile, found.evaluation, found.gate, found.details, found.notes) == ({}, {}, {}, {}, ())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "it is not valid JSON."),
        (b"\xff\xfe\xfa", "it is not valid JSON."),
        (b"[" * 100_000, "it is not valid JSON."),
        (b"[1]", "it holds no JSON object."),
    ],
)
def test_what_cannot_be_read_is_named_with_the_reason(s3: S3Client, content: bytes, reason: str) -> None:
    address = f"{examples.PREPARED}/profile/profile.json"
    put(s3, address, content)
    found = collect(s3, examples.execution())
    assert found.profile == {}
    assert found.notes == (f"{address} is not shown: {reason}",)


def test_an_object_that_is_too_large_is_not_read(s3: S3Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SIZE_LIMIT", 1024**2)
    address = f"{examples.PREPARED}/profile/profile.json"
    put(s3, address, b" " * 1024**2 + b"{}")
    assert collect(s3, examples.execution()).notes == (f"{address} is not shown: it is larger than 1 MiB.",)
    put(s3, address, b" " * (1024**2 - 2) + b"{}")
    assert collect(s3, examples.execution()).notes == ()


def test_outputs_that_are_no_s3_addresses_are_not_followed(s3: S3Client) -> None:
    strange = examples.step("Prepare", "Processing", outputs={"profile": "file:///etc", "evaluation": 3})
    assert collect(s3, examples.execution(steps=[strange, "no step"])).notes == ()
