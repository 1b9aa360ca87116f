"""Compilation jobs through boto3: made, described, listed, stopped and forgotten, and compiled for real."""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lightgbm
import numpy as np
import pytest

from inference.compiler import toolchain
from inference.compiler.targets import host_target
from inference.neo import binary, export
from inference.predict import import_xgboost
from local.registry import compilation_jobs
from local.store.processes import process_alive, process_name, process_parts
from local.store.store import Store

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient

Refused = Callable[..., tuple[str, str]]
ROLE = "arn:aws:iam::000000000000:role/compilation"
ENDED = ("COMPLETED", "FAILED", "STOPPED")
SLOW = """#!/bin/sh
[ "$1" = --version ] && exec echo slow
sleep 120 &
echo $! > "$0.part" && mv "$0.part" "$0.pid"
wait
"""
"""A C compiler that starts another program, as gcc does, and takes its time."""


@pytest.fixture(scope="session")
def model_file() -> bytes:
    """A small model as XGBoost 1.3 writes it."""
    xgboost = import_xgboost()
    features = np.random.default_rng(3).normal(size=(300, 4)).astype(np.float32)
    matrix = xgboost.DMatrix(features, (features[:, 0] > 0).astype(int), nthread=1)
    chosen = {"objective": "binary:logistic", "max_depth": 3, "nthread": 1}
    booster = xgboost.train(chosen, matrix, 5)
    return binary.write(export.from_json(booster.save_raw("json").decode()))


def archive(**files: bytes) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as opened:
        for name, content in files.items():
            member = tarfile.TarInfo(name.replace("_", "."))
            member.size = len(content)
            opened.addfile(member, io.BytesIO(content))
    return target.getvalue()


def request(name: str = "one", **changes: Any) -> dict[str, Any]:
    output = {"S3OutputLocation": "s3://bucket/compiled/", "TargetDevice": "ml_c5"}
    return {
        "CompilationJobName": name,
        "RoleArn": ROLE,
        "InputConfig": {"S3Uri": "s3://bucket/in/model.tar.gz", "Framework": "XGBOOST", **changes.pop("input", {})},
        "OutputConfig": changes.pop("output", output),
        "StoppingCondition": {"MaxRuntimeInSeconds": 900},
        **changes,
    }


def ended(sagemaker: SageMakerClient, name: str = "one") -> Any:
    for _ in range(600):
        job = sagemaker.describe_compilation_job(CompilationJobName=name)
        if job["CompilationJobStatus"] in ENDED:
            return job
        time.sleep(0.1)
    raise AssertionError(job)


def until(true: Callable[[], bool]) -> None:
    for _ in range(600):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError


def unpacked(s3: S3Client, uri: str) -> dict[str, bytes]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    content = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(content)) as opened:
        files = {member.name: opened.extractfile(member) for member in opened}
        return {name: file.read() for name, file in files.items() if file is not None}


def test_a_model_is_compiled_into_an_archive_that_is_laid_out_as_neos(
    sagemaker: SageMakerClient, s3: S3Client, logs: CloudWatchLogsClient, store: Store, model_file: bytes
) -> None:
    s3.put_object(Bucket="bucket", Key="in/model.tar.gz", Body=archive(xgboost_model=model_file))
    made = sagemaker.create_compilation_job(**request(Tags=[{"Key": "a", "Value": "b"}]))
    assert made["CompilationJobArn"].endswith(":compilation-job/one")
    job = ended(sagemaker)
    assert (job["CompilationJobStatus"], job["FailureReason"]) == ("COMPLETED", "")
    uri = job["ModelArtifacts"]["S3ModelArtifacts"]
    assert uri == "s3://bucket/compiled/model-ml_c5.tar.gz"
    assert job["CompilationStartTime"] <= job["CompilationEndTime"]
    files = unpacked(s3, uri)
    assert {"compiled.c", "compiled.json", "compiled.meta", "model.h"} <= set(files)
    assert ("compiled.so" in files) == (toolchain.find_compiler(host_target()) is not None)
    facts = json.loads(files["compiled.json"])
    assert (facts["width"], facts["checked"]["differing"]) == (4, 0)
    assert json.loads(files["compiled.meta"])["Requirements"]["TargetDevice"] == "ML_C5"
    whole = s3.get_object(Bucket="bucket", Key="compiled/model-ml_c5.tar.gz")["Body"].read()
    assert job["ModelDigests"]["ArtifactDigest"] == f"sha256:{hashlib.sha256(whole).hexdigest()}"
    assert sagemaker.list_tags(ResourceArn=made["CompilationJobArn"])["Tags"] == [{"Key": "a", "Value": "b"}]
    (stream,) = logs.describe_log_streams(logGroupName="/aws/sagemaker/CompilationJobs")["logStreams"]
    found = logs.get_log_events(logGroupName="/aws/sagemaker/CompilationJobs", logStreamName=stream["logStreamName"])
    assert any(uri in each["message"] for each in found["events"])
    told = [each["detail"]["CompilationJobStatus"] for each in store.events.after()]
    assert told == ["STARTING", "INPROGRESS", "COMPLETED"]
    # The same model for the same target is the same artefact, byte for byte.
    sagemaker.create_compilation_job(**request("two"))
    assert ended(sagemaker, "two")["ModelDigests"] == job["ModelDigests"]


def test_a_text_model_of_lightgbm_is_compiled_and_held_to_it(sagemaker: SageMakerClient, s3: S3Client) -> None:
    features = np.random.default_rng(3).normal(size=(300, 4)).astype(np.float32)
    chosen = {"objective": "binary", "num_leaves": 7, "num_threads": 1, "verbosity": -1}
    booster = lightgbm.train(chosen, lightgbm.Dataset(features, features[:, 0] > 0), 5)
    s3.put_object(Bucket="bucket", Key="in/model.tar.gz", Body=archive(model_txt=booster.model_to_string().encode()))
    sagemaker.create_compilation_job(**request())
    job = ended(sagemaker)
    assert (job["CompilationJobStatus"], job["FailureReason"]) == ("COMPLETED", "")
    facts = json.loads(unpacked(s3, job["ModelArtifacts"]["S3ModelArtifacts"])["compiled.json"])
    assert (facts["library_of_model"], facts["trees"], facts["checked"]["differing"]) == ("LightGBM", 5, 0)


def test_a_platform_names_the_artefact_and_the_summary(
    sagemaker: SageMakerClient, s3: S3Client, model_file: bytes
) -> None:
    s3.put_object(Bucket="bucket", Key="in/model.tar.gz", Body=archive(xgboost_model=model_file))
    platform = {"Os": "LINUX", "Arch": "ARM64", "Accelerator": "NVIDIA"}
    sagemaker.create_compilation_job(
        **request(output={"S3OutputLocation": "s3://bucket/compiled", "TargetPlatform": platform})
    )
    job = ended(sagemaker)
    assert job["CompilationJobStatus"] == "COMPLETED", job["FailureReason"]
    assert job["ModelArtifacts"]["S3ModelArtifacts"].endswith("/model-LINUX_ARM64_NVIDIA.tar.gz")
    (summary,) = sagemaker.list_compilation_jobs()["CompilationJobSummaries"]
    assert summary["CompilationTargetPlatformAccelerator"] == "NVIDIA"
    assert "CompilationTargetDevice" not in summary


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "ClientError: InputConfiguration: there is nothing at s3://bucket/in/model.tar.gz."),
        (b"no archive", "ClientError: Model.tar.gz cannot be unpacked"),
        (archive(notes_txt=b"nothing"), "holds no model that is compiled here"),
        (archive(a_model=b"x", b_model=b"y"), "has 2 files *.model (a.model, b.model), and must have one."),
        (archive(a_model=b"x" * 200), "A.model cannot be compiled: The file is no model of XGBoost 1.0 to 1.7"),
    ],
)
def test_what_cannot_be_compiled_fails_with_the_reason_and_leaves_nothing(
    sagemaker: SageMakerClient, s3: S3Client, content: bytes | None, said: str
) -> None:
    s3.create_bucket(Bucket="bucket")
    if content is not None:
        s3.put_object(Bucket="bucket", Key="in/model.tar.gz", Body=content)
    sagemaker.create_compilation_job(**request())
    job = ended(sagemaker)
    assert job["CompilationJobStatus"] == "FAILED"
    assert said in job["FailureReason"]
    assert s3.list_objects_v2(Bucket="bucket", Prefix="compiled").get("Contents", []) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"input": {"Framework": "PYTORCH"}}, "Framework PYTORCH is not supported on the laptop."),
        ({"input": {"Framework": "ONNX"}}, "Framework ONNX is not supported on the laptop."),
        ({"input": {"FrameworkVersion": "1.3"}}, "FrameworkVersion is not supported for XGBOOST."),
        ({"input": {"S3Uri": "s3://bucket/model"}}, "must be the address of one .tar.gz archive."),
        ({"output": {"S3OutputLocation": "s3://b"}}, "Give either TargetDevice or TargetPlatform."),
        (
            {"output": {"S3OutputLocation": "s3://b", "TargetDevice": "x86_win64"}},
            "The target x86_win64 is Windows, for which trees are not compiled here.",
        ),
        (
            {"output": {"S3OutputLocation": "s3://b", "TargetDevice": "abacus"}},
            "Member must satisfy enum value set",
        ),
    ],
)
def test_what_the_laptop_does_not_compile_is_refused_by_its_name(
    sagemaker: SageMakerClient, refused: Refused, changes: dict[str, Any], said: str
) -> None:
    code, message = refused(sagemaker.create_compilation_job, **request(**changes))
    assert code == "ValidationException"
    assert said in message
    assert sagemaker.list_compilation_jobs()["CompilationJobSummaries"] == []


def test_a_name_is_taken_once(sagemaker: SageMakerClient, refused: Refused) -> None:
    sagemaker.create_compilation_job(**request())
    code, message = refused(sagemaker.create_compilation_job, **request())
    assert code == "ResourceInUse"
    assert "a job named one exists" in message


def test_a_job_that_is_not_there_is_the_services_own_error(sagemaker: SageMakerClient, refused: Refused) -> None:
    operations = ("describe_compilation_job", "stop_compilation_job", "delete_compilation_job")
    for operation in operations:
        code, _ = refused(getattr(sagemaker, operation), CompilationJobName="none")
        assert code == "ResourceNotFound"


def test_jobs_are_listed_by_state_name_and_time(sagemaker: SageMakerClient, store: Store) -> None:
    for number, name in enumerate(("first", "second", "third")):
        compilation_jobs.create(store, request(name), now=1e9 + number)
    compilation_jobs.change(store, "second", "COMPLETED", now=1e9 + 9)

    def names(**asked: Any) -> list[str]:
        listed = sagemaker.list_compilation_jobs(**asked)["CompilationJobSummaries"]
        return [each["CompilationJobName"] for each in listed]

    assert names() == ["third", "second", "first"]
    assert names(SortBy="Name", SortOrder="Ascending") == ["first", "second", "third"]
    assert names(StatusEquals="COMPLETED") == ["second"]
    assert names(NameContains="IR") == ["third", "first"]
    assert names(CreationTimeAfter=1e9) == ["third", "second"]
    page = sagemaker.list_compilation_jobs(MaxResults=2)
    assert names(NextToken=page["NextToken"]) == ["first"]


def test_a_job_is_stopped_and_only_then_forgotten(sagemaker: SageMakerClient, store: Store, refused: Refused) -> None:
    compilation_jobs.create(store, request(), now=time.time())
    code, message = refused(sagemaker.delete_compilation_job, CompilationJobName="one")
    assert (code, "Stop it" in message) == ("ValidationException", True)
    sagemaker.stop_compilation_job(CompilationJobName="one")
    assert sagemaker.describe_compilation_job(CompilationJobName="one")["CompilationJobStatus"] == "STOPPING"
    compilation_jobs.change(store, "one", "STOPPED", now=time.time())
    code, message = refused(sagemaker.stop_compilation_job, CompilationJobName="one")
    assert (code, "is in status STOPPED" in message) == ("ValidationException", True)
    sagemaker.delete_compilation_job(CompilationJobName="one")
    assert sagemaker.list_compilation_jobs()["CompilationJobSummaries"] == []


def test_a_job_that_compiles_stops_when_it_is_asked_to(
    sagemaker: SageMakerClient, s3: S3Client, store: Store, model_file: bytes
) -> None:
    s3.put_object(Bucket="bucket", Key="in/model.tar.gz", Body=archive(xgboost_model=model_file))
    sagemaker.create_compilation_job(**request())
    sagemaker.stop_compilation_job(CompilationJobName="one")
    assert ended(sagemaker)["CompilationJobStatus"] == "STOPPED"
    assert s3.list_objects_v2(Bucket="bucket", Prefix="compiled").get("Contents", []) == []


def test_a_job_that_is_stopped_ends_its_c_compiler_and_what_that_started(
    sagemaker: SageMakerClient,
    s3: S3Client,
    store: Store,
    model_file: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = tmp_path / "slow" / "gcc"
    slow.parent.mkdir()
    slow.write_text(SLOW, encoding="utf-8")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}{os.pathsep}{os.environ['PATH']}")
    s3.put_object(Bucket="bucket", Key="in/model.tar.gz", Body=archive(xgboost_model=model_file))
    sagemaker.create_compilation_job(**request())
    started = slow.with_name("gcc.pid")
    until(started.is_file)
    child = process_name(int(started.read_text(encoding="utf-8")))
    sagemaker.stop_compilation_job(CompilationJobName="one")
    job = ended(sagemaker)
    assert (job["CompilationJobStatus"], job.get("FailureReason", "")) == ("STOPPED", "")
    until(lambda: not process_alive(child))
    assert s3.list_objects_v2(Bucket="bucket", Prefix="compiled").get("Contents", []) == []
    assert list(store.home.staging.iterdir()) == []


def test_a_job_whose_process_was_killed_is_seen_as_failed(
    sagemaker: SageMakerClient, s3: S3Client, store: Store, model_file: bytes
) -> None:
    s3.put_object(Bucket="bucket", Key="in/model.tar.gz", Body=archive(xgboost_model=model_file))
    sagemaker.create_compilation_job(**request())
    owner = store.resources.get(compilation_jobs.OWNER, "one")
    assert owner is not None
    pid, _ = process_parts(owner.body["owner"])
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    job = ended(sagemaker)
    assert job["CompilationJobStatus"] == "FAILED"
    assert "ended unexpectedly" in job["FailureReason"]
    assert Path(job["FailureReason"].partition("Its log: ")[2]).is_file()
